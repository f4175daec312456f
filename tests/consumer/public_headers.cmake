# cmake -DSOURCE=... -DCXX=... -DWORK=... -P public_headers.cmake
# Every public header compiles by itself, warning-free, and brings neither Beast nor OpenSSL into a user's translation unit.
file(GLOB headers RELATIVE "${SOURCE}/include" "${SOURCE}/include/hvc/*.hpp" "${SOURCE}/include/hvc/simulator/*.hpp")
file(MAKE_DIRECTORY "${WORK}")
foreach(header IN LISTS headers)
  file(WRITE "${WORK}/one.cpp" "#include <${header}>\n")
  execute_process(COMMAND "${CXX}" -std=c++20 -Wall -Wextra -Wconversion -Wshadow -Werror -DBOOST_ASIO_NO_DEPRECATED
                          -fsyntax-only -H "-I${SOURCE}/include" "${WORK}/one.cpp"
                  RESULT_VARIABLE result ERROR_VARIABLE included)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${header} does not compile by itself:\n${included}")
  endif()
  if(included MATCHES "boost/beast|/openssl/")
    message(FATAL_ERROR "${header} includes Beast or OpenSSL")
  endif()
endforeach()
list(LENGTH headers count)
message(STATUS "${count} public headers stand by themselves")
