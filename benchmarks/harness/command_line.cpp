#include "command_line.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>

namespace bench {

namespace {

flag const* find(std::span<flag const> flags, std::string_view word) {
  auto const found = std::find_if(flags.begin(), flags.end(), [word](flag const& f) {
    if (word.starts_with("--"))
      return word.substr(2) == f.name;
    return word.size() == 2 && f.letter != 0 && word[1] == f.letter;
  });
  return found == flags.end() ? nullptr : &*found;
}

} // namespace

command_line::command_line(int argc, char** argv, std::span<flag const> flags) {
  for (int i = 1; i < argc; ++i) {
    std::string_view word = argv[i];
    auto const equals = word.starts_with("--") ? word.find('=') : std::string_view::npos;
    flag const* const f = find(flags, word.substr(0, equals));
    if (f == nullptr)
      throw usage_error("unknown argument: " + std::string(word.substr(0, equals))); // whose value may be a secret
    bool const inline_value = equals != std::string_view::npos;
    if (f->takes_value && !inline_value && i + 1 == argc)
      throw usage_error(std::string(word) + " needs a value");
    if (!f->takes_value && inline_value)
      throw usage_error(std::string(word.substr(0, equals)) + " takes no value");
    std::string_view const value = inline_value ? word.substr(equals + 1) : f->takes_value ? argv[++i] : "";
    values_[std::string(f->name)] = value;
  }
}

std::string command_line::text(std::string_view name, std::string_view fallback) const {
  auto const found = values_.find(std::string(name));
  return found == values_.end() ? std::string(fallback) : found->second;
}

std::string command_line::required(std::string_view name) const {
  if (!has(name))
    throw usage_error("--" + std::string(name) + " is needed");
  return text(name);
}

std::uint64_t command_line::number(std::string_view name, std::uint64_t fallback, std::uint64_t least) const {
  if (!has(name))
    return fallback;
  std::string const value = text(name);
  std::uint64_t n = 0;
  auto const [end, ec] = std::from_chars(value.data(), value.data() + value.size(), n);
  if (ec != std::errc() || end != value.data() + value.size() || n < least)
    throw usage_error("--" + std::string(name) + " takes a number of at least " + std::to_string(least));
  return n;
}

std::string first_line_of(std::string const& path) {
  std::string line;
  if (path == "-") {
    std::getline(std::cin, line);
  } else {
    std::ifstream file(path);
    if (!file)
      throw usage_error("cannot read " + path);
    std::getline(file, line);
  }
  if (!line.empty() && line.back() == '\r')
    line.pop_back();
  return line;
}

} // namespace bench
