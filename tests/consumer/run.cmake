# cmake -DMODE=installed|subdirectory -DSOURCE=... -DBUILD=... -DWORK=... -P run.cmake
# Configures, builds and runs the consumer project against this tree, the way its user would: with what this build installs,
# which is a static library, or with the tree as a folder of its own; then hvc is a shared library, and installed from there
# it serves once more.
file(REMOVE_RECURSE "${WORK}")

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " line)
    message(FATAL_ERROR "failed: ${line}")
  endif()
endfunction()

function(build_and_run folder)
  run("${CMAKE_COMMAND}" -S "${SOURCE}/tests/consumer" -B "${WORK}/${folder}" -G Ninja -DCMAKE_BUILD_TYPE=Debug
      -DCMAKE_CXX_FLAGS_DEBUG=-O0 "-DCMAKE_CXX_COMPILER=${CXX}" "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}" ${ARGN})
  run("${CMAKE_COMMAND}" --build "${WORK}/${folder}")
  run("${WORK}/${folder}/consumer")
endfunction()

set(prefix "${WORK}/prefix")
if(MODE STREQUAL "installed")
  run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}")
else()
  build_and_run(subdirectory "-DHVC_SOURCE=${SOURCE}" -DBUILD_SHARED_LIBS=ON)
  run("${CMAKE_COMMAND}" --install "${WORK}/subdirectory" --prefix "${prefix}")
endif()
build_and_run(installed "-DCMAKE_PREFIX_PATH=${prefix}" "-DCMAKE_BUILD_RPATH=${prefix}/lib")
