#include "config.hpp"

#include "usage_error.hpp"

#include <boost/algorithm/string/replace.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>

namespace hvc::tools {

namespace {

namespace json = boost::json;

struct key {
  enum class type { text, path, yes_or_no, texts };
  std::string_view name;
  type takes;
};

// In the order in which they become arguments.
constexpr std::array keys{
    key{"server", key::type::text},
    key{"ca_file", key::type::path},
    key{"pin_sha256", key::type::text},
    key{"insecure", key::type::yes_or_no},
    key{"cert", key::type::path},
    key{"key", key::type::path},
    key{"user", key::type::text},
    key{"password_file", key::type::path},
    key{"session_token_file", key::type::path},
    key{"no_auth", key::type::yes_or_no},
    key{"session_cache", key::type::path},
    key{"header", key::type::texts},
};

std::string flag_of(key const& k) {
  std::string flag = "--" + std::string(k.name);
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

std::string text_of(json::value const& v, std::string const& place) {
  if (!v.is_string() || v.get_string().empty())
    throw usage_error(place + " takes a text that is not empty");
  return std::string(v.get_string());
}

void add(std::vector<std::string>& arguments, key const& k, json::value const& v, std::string const& place,
         std::filesystem::path const& directory) {
  std::string const flag = flag_of(k);
  switch (k.takes) {
  case key::type::text:
    arguments.push_back(flag + "=" + text_of(v, place));
    return;
  case key::type::path:
    arguments.push_back(flag + "=" + (directory / text_of(v, place)).string());
    return;
  case key::type::yes_or_no:
    if (!v.is_bool())
      throw usage_error(place + " takes true or false");
    if (v.get_bool())
      arguments.push_back(flag);
    return;
  case key::type::texts:
    if (!v.is_array())
      throw usage_error(place + " takes an array of texts");
    for (auto const& each : v.get_array())
      arguments.push_back(flag + "=" + text_of(each, place));
    return;
  }
}

void refuse_unknown(json::object const& o, std::string const& place) {
  for (auto const& [name, value] : o) {
    std::string_view const given(name);
    if (given == "password")
      throw usage_error(place + "a password has a file of its own: give password_file");
    if (given != "name" && std::none_of(keys.begin(), keys.end(), [given](key const& k) { return k.name == given; }))
      throw usage_error(place + "there is no key '" + std::string(given) + "'");
  }
}

configured_server server_of(json::value const& v, std::size_t index, std::filesystem::path const& directory) {
  std::string place = "servers[" + std::to_string(index) + "]: ";
  if (!v.is_object())
    throw usage_error(place + "is no object");
  auto const& o = v.get_object();
  configured_server result;
  if (auto const* const name = o.if_contains("name")) {
    result.name = text_of(*name, place + "name");
    place = "server '" + result.name + "': ";
  }
  refuse_unknown(o, place);
  for (std::string const needed : {"name", "server"})
    if (!o.contains(needed))
      throw usage_error(place + "no " + needed);
  if (o.contains("user") != o.contains("password_file"))
    throw usage_error(place + "user and password_file belong together");
  for (key const& k : keys)
    if (auto const* const value = o.if_contains(k.name))
      add(result.arguments, k, *value, place + std::string(k.name), directory);
  return result;
}

json::array const& servers_in(json::value const& document) {
  auto const* const object = document.if_object();
  if (object != nullptr)
    for (auto const& [name, value] : *object)
      if (name != "servers")
        throw usage_error("there is no key '" + std::string(name) + "'");
  auto const* const servers = object != nullptr ? object->if_contains("servers") : nullptr;
  if (servers == nullptr || !servers->is_array() || servers->get_array().empty())
    throw usage_error("needs {\"servers\": [...]}, with a server at least");
  return servers->get_array();
}

} // namespace

std::vector<configured_server> parse_config(std::string_view text, std::filesystem::path const& directory) {
  boost::system::error_code failed;
  json::value const document = json::parse(text, failed);
  if (failed)
    throw usage_error("is no JSON: " + failed.message());
  std::vector<configured_server> result;
  for (auto const& each : servers_in(document)) {
    auto read = server_of(each, result.size(), directory);
    if (std::any_of(result.begin(), result.end(), [&read](auto const& other) { return other.name == read.name; }))
      throw usage_error("two servers have the name '" + read.name + "'");
    result.push_back(std::move(read));
  }
  return result;
}

std::string in_keys(std::string text) {
  for (key const& k : keys)
    boost::algorithm::replace_all(text, flag_of(k), k.name);
  return text;
}

} // namespace hvc::tools
