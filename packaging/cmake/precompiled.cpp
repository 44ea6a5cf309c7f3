// The source of the targets that precompile headers; see AiopsBuild.cmake.
// SPDX-License-Identifier: GPL-3.0-or-later
