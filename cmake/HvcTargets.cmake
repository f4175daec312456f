# How the targets of this project are made: one place for flags, so that no target forgets them.

# Warnings and sanitizers, for our own targets only.
function(hvc_target_defaults target)
  set(instrumented 0)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wshadow
                                           $<$<BOOL:${HVC_WARNINGS_AS_ERRORS}>:-Werror>)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${target} PRIVATE -Wno-restrict) # warns of std::string itself: GCC bug 105651
  endif()
  if(HVC_SANITIZE)
    set(instrumented 1)
    target_compile_options(${target} PRIVATE -fsanitize=${HVC_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${HVC_SANITIZE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      # Instrumented code misleads the first two (about Asio's futures and coroutine frames); the third is about
      # atomic_thread_fence inside Asio.
      target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized -Wno-mismatched-new-delete
                                               -Wno-tsan)
    endif()
  endif()
  target_compile_definitions(${target} PRIVATE BOOST_ASIO_NO_DEPRECATED HVC_INSTRUMENTED=${instrumented})
  if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage) # means headers, and takes the sources for some
  endif()
endfunction()

# hvc_add_layer(NAME [FOLDER...]): the sources of src/FOLDER..., or of src/NAME, as the objects hvc_NAME. The layer
# `client` is the files of src itself.
function(hvc_add_layer name)
  set(folders ${ARGN})
  if(NOT folders)
    set(folders ${name})
  endif()
  set(sources)
  foreach(folder IN LISTS folders)
    if(folder STREQUAL "client")
      file(GLOB found CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/*.cpp")
    else()
      file(GLOB found CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/${folder}/*.cpp")
    endif()
    list(APPEND sources ${found})
  endforeach()
  add_library(hvc_${name} OBJECT ${sources})
  hvc_target_defaults(hvc_${name})
  target_include_directories(hvc_${name} PUBLIC "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(hvc_${name} PUBLIC Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
  if(BUILD_SHARED_LIBS) # else as whoever embeds hvc has it: a plugin of theirs may need it, too
    set_target_properties(hvc_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  endif()
  set_target_properties(hvc_${name} PROPERTIES UNITY_BUILD_BATCH_SIZE 0) # all of a layer at once
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    # In a larger unit g++ inlines other things, and decoding costs an eighth more.
    set_target_properties(hvc_${name} PROPERTIES UNITY_BUILD OFF)
  endif()
endfunction()

# hvc_add_executable(NAME SOURCES... LIBS libraries...): a program in bin/.
function(hvc_add_executable name)
  cmake_parse_arguments(arg "" "" "LIBS" ${ARGN})
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  hvc_target_defaults(${name})
  target_link_libraries(${name} PRIVATE ${arg_LIBS})
endfunction()
