# Build rules shared by every folder: compiler flags, the linker, ccache, and the `aiops_room` helper.
find_program(AIOPS_CCACHE ccache)
if(AIOPS_CCACHE)
  # Precompiled headers need the sloppiness for a cache hit; depend mode spares preprocessing each source twice.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_DEPEND=1 ${AIOPS_CCACHE})
endif()
find_program(AIOPS_MOLD mold)
if(AIOPS_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(aiops_flags INTERFACE)
target_compile_options(aiops_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-field-initializers
  $<$<COMPILE_LANG_AND_ID:CXX,Clang>:-Wthread-safety>
  $<$<BOOL:${AIOPS_WERROR}>:-Werror>
  # GCC 12 sees overlapping copies where strings are joined (bug 105651).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-restrict>
  -fstack-protector-strong -pthread)
target_compile_definitions(aiops_flags INTERFACE QT_NO_KEYWORDS QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_ASCII
  QT_NO_URL_CAST_FROM_STRING AIOPS_VERSION="${PROJECT_VERSION}"
  $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
if(AIOPS_SANITIZE)
  target_compile_options(aiops_flags INTERFACE -fsanitize=${AIOPS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(aiops_flags INTERFACE -fsanitize=${AIOPS_SANITIZE})
endif()

add_library(aiops_unoptimized INTERFACE)
target_compile_options(aiops_unoptimized INTERFACE -O0)

# Two sets of precompiled headers, made once and used by all targets of their kind: the standard library for core,
# app and tests, what every widget needs besides for ui. A third with sanitizers, since the program's code is
# optimized there and a test's own code, which is compiled once and runs for a moment, is not. Small on purpose: each source loads its set whole, and
# with JSON or all of Qt Widgets in it that cost more than it saved. Call it when the packages are found.
function(aiops_precompile)
  set(standard <algorithm> <chrono> <expected> <functional> <map> <memory> <optional> <string> <string_view> <vector>)
  _aiops_precompile_target(aiops_pch_core "" HEADERS ${standard})
  if(AIOPS_GUI)
    _aiops_precompile_target(aiops_pch_ui Qt6::Widgets HEADERS ${standard} <QPainter> <QWidget>)
  endif()
  if(AIOPS_TESTS AND AIOPS_SANITIZE)
    _aiops_precompile_target(aiops_pch_test aiops_unoptimized HEADERS ${standard})
  endif()
endfunction()

function(_aiops_precompile_target target)
  cmake_parse_arguments(PCH "" "" "HEADERS" ${ARGN})
  add_library(${target} OBJECT ${CMAKE_SOURCE_DIR}/packaging/cmake/precompiled.cpp)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON AUTOMOC OFF)
  target_link_libraries(${target} PRIVATE aiops_flags ${PCH_UNPARSED_ARGUMENTS})
  target_precompile_headers(${target} PRIVATE ${PCH_HEADERS})
endfunction()

# aiops_room(<target> [ROOT <include root>] [DEPENDS <targets>...] [PRIVATE <targets>...])
# A folder of the source tree as a static library of the same name (slashes become underscores).
function(aiops_room target)
  cmake_parse_arguments(ROOM "" "ROOT" "DEPENDS;PRIVATE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp *.h)
  add_library(${target} STATIC ${sources})
  target_include_directories(${target} PUBLIC ${ROOM_ROOT})
  target_link_libraries(${target} PUBLIC aiops_flags ${ROOM_DEPENDS} PRIVATE ${ROOM_PRIVATE})
  set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX POSITION_INDEPENDENT_CODE ON)
  if(target MATCHES "^ui_")
    target_precompile_headers(${target} REUSE_FROM aiops_pch_ui)
  else()
    target_precompile_headers(${target} REUSE_FROM aiops_pch_core)
  endif()
endfunction()

# aiops_test(<name> SOURCES <files>... LIBS <targets>... [LABELS <labels>...] [ENV <VAR=value>...])
# One Qt Test executable, run by CTest. Widgets tests use the offscreen platform. The test class stands in a
# source tst_*.cpp that includes its own .moc; nothing else in a test is for moc, so it is called for these
# sources alone: AUTOMOC's two targets and empty source for each test cost more than the tests' own headers.
function(aiops_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;LIBS;LABELS;ENV" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  foreach(source IN LISTS TEST_SOURCES)
    cmake_path(GET source STEM stem)
    if(source MATCHES "^tst_.*[.]cpp$")
      qt6_generate_moc(${CMAKE_CURRENT_SOURCE_DIR}/${source} ${CMAKE_CURRENT_BINARY_DIR}/${stem}.moc TARGET ${name})
      target_sources(${name} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${stem}.moc)
    endif()
  endforeach()
  if(AIOPS_SANITIZE)
    target_link_libraries(${name} PRIVATE aiops_unoptimized)
    target_precompile_headers(${name} REUSE_FROM aiops_pch_test)
  else()
    target_precompile_headers(${name} REUSE_FROM aiops_pch_core)
  endif()
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(${name} PRIVATE aiops_flags Qt6::Test ${TEST_LIBS})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests ${CMAKE_CURRENT_BINARY_DIR})
  target_compile_definitions(${name} PRIVATE AIOPS_SOURCE_DIR="${CMAKE_SOURCE_DIR}" AIOPS_BIN_DIR="${CMAKE_BINARY_DIR}/bin")
  add_test(NAME ${name} COMMAND ${name})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  if(AIOPS_SANITIZE) # it is there to end what hangs, and everything takes its time here
    math(EXPR TEST_TIMEOUT "3 * ${TEST_TIMEOUT}")
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS "${TEST_LABELS}"
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;${TEST_ENV}")
endfunction()
