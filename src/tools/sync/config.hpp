// The servers of --config: a JSON file with a name for each, and what its flags would say. Pure: reads no file.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hvc::tools {

struct configured_server {
  std::string name;
  std::vector<std::string> arguments; // those of a command line that means this server
};

/// `{"servers":[{"name","server",...}]}`: the keys of a server are the flags about server, trust, credentials and
/// header fields, with `_` in place of `-`; `header` is an array. Relative paths are taken from `directory`. Throws
/// usage_error, with a text that begins with the place, where it is no such document, has a key that is none, or names
/// no server.
[[nodiscard]] std::vector<configured_server> parse_config(std::string_view text,
                                                          std::filesystem::path const& directory);

/// A text that names flags, naming the configuration's keys in their place: `--ca-file F: ...` is `ca_file F: ...`.
[[nodiscard]] std::string in_keys(std::string text);

} // namespace hvc::tools
