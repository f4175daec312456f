# cmake -DMODE=installed|subdirectory|shared -DSOURCE=... -DBUILD=... -DWORK=... -P run.cmake
# Configures, builds and runs the consumer project against this tree, the way its user would.
file(REMOVE_RECURSE "${WORK}")
set(arguments -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 "-DCMAKE_CXX_COMPILER=${CXX}" "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}")

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " line)
    message(FATAL_ERROR "failed: ${line}")
  endif()
endfunction()

if(MODE STREQUAL "installed")
  run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${WORK}/prefix")
  list(APPEND arguments "-DCMAKE_PREFIX_PATH=${WORK}/prefix")
elseif(MODE STREQUAL "shared")
  run("${CMAKE_COMMAND}" -S "${SOURCE}" -B "${WORK}/hvc" ${arguments} -DBUILD_SHARED_LIBS=ON -DHVC_BUILD_SIMULATOR=OFF
      -DHVC_BUILD_TOOLS=OFF -DHVC_BUILD_TESTS=OFF -DHVC_BUILD_EXAMPLES=OFF -DHVC_BUILD_BENCHMARKS=OFF)
  run("${CMAKE_COMMAND}" --build "${WORK}/hvc")
  run("${CMAKE_COMMAND}" --install "${WORK}/hvc" --prefix "${WORK}/prefix")
  list(APPEND arguments "-DCMAKE_PREFIX_PATH=${WORK}/prefix" "-DCMAKE_BUILD_RPATH=${WORK}/prefix/lib")
else()
  list(APPEND arguments "-DHVC_SOURCE=${SOURCE}")
endif()
run("${CMAKE_COMMAND}" -S "${SOURCE}/tests/consumer" -B "${WORK}/build" ${arguments})
run("${CMAKE_COMMAND}" --build "${WORK}/build")
run("${WORK}/build/consumer")
