// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/compressed.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <boost/iostreams/filter/bzip2.hpp>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filter/lzma.hpp>
#include <boost/iostreams/filter/zstd.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace aiops::sources {
namespace {

namespace io = boost::iostreams;

constexpr std::array<std::string_view, 5> kEndings = {".gz", ".bz2", ".xz", ".lzma", ".zst"};

std::string_view endingOf(std::string_view path) {
  for (const auto ending : kEndings) {
    if (path.size() > ending.size() && path.ends_with(ending)) return ending;
  }
  return {};
}

void addFilter(io::filtering_istream& in, std::string_view ending) {
  if (ending == ".gz") in.push(io::gzip_decompressor());
  if (ending == ".bz2") in.push(io::bzip2_decompressor());
  if (ending == ".xz" || ending == ".lzma") in.push(io::lzma_decompressor());
  if (ending == ".zst") in.push(io::zstd_decompressor());
}

/// A file that is gone when it is closed.
base::Result<base::Fd> namelessFile() {
  std::error_code error;
  const auto folder = std::filesystem::temp_directory_path(error);
  if (error) return base::fail(base::ErrorCode::Io, "no folder for temporary files", error.message());
  base::Fd fd(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (fd.valid()) return fd;
  auto name = (folder / "ai-ops-core-XXXXXX").string();
  base::Fd named(::mkostemp(name.data(), O_CLOEXEC));
  if (!named.valid()) return base::failErrno(errno, "can't make a temporary file", folder.string());
  ::unlink(name.c_str());
  return named;
}

base::Result<> writeAll(int fd, const char* data, size_t count) {
  while (count > 0) {
    const ssize_t done = ::write(fd, data, count);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return base::failErrno(errno, "can't write what is decompressed");
    data += done;
    count -= static_cast<size_t>(done);
  }
  return {};
}

}  // namespace

bool isCompressed(const std::string& path) {
  return !endingOf(path).empty();
}

std::string withoutCompression(const std::string& path) {
  return path.substr(0, path.size() - endingOf(path).size());
}

base::Result<Decompressed> decompress(const std::string& path, uint64_t most) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    const auto code = errno == EACCES ? base::ErrorCode::PermissionDenied : base::ErrorCode::NotFound;
    return base::fail(code, "can't read the compressed file", path);
  }
  auto fd = namelessFile();
  if (!fd) return std::unexpected(fd.error());
  Decompressed out{std::move(*fd), {}};
  std::array<char, 65536> buffer{};
  uint64_t written = 0;
  try {
    io::filtering_istream in;
    addFilter(in, endingOf(path));
    in.push(file);
    in.exceptions(std::ios::badbit);
    while (in && written < most) {
      in.read(buffer.data(), static_cast<std::streamsize>(std::min<uint64_t>(buffer.size(), most - written)));
      const auto got = static_cast<size_t>(in.gcount());
      if (auto done = writeAll(out.fd.get(), buffer.data(), got); !done) return std::unexpected(done.error());
      written += got;
    }
    if (written >= most) out.problem = "it holds more than " + std::to_string(most) + " bytes";
  } catch (const std::exception& error) {
    out.problem = std::string("it is damaged or cut off (") + error.what() + ")";
  }
  return out;
}

}  // namespace aiops::sources
