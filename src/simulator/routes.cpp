#include "routes.hpp"

#include "http/path_segment.hpp"

#include <array>
#include <optional>

namespace hvc::simulation {
namespace {

constexpr std::string_view hvc_prefix = "/api/hvc/";

struct template_path {
  operation what;
  std::string_view method;
  std::string_view path; // {l} and {p} stand for the ids
  std::string_view query;
};

constexpr std::array templates{
    template_path{operation::log_in, "POST", "/api/session", ""},
    template_path{operation::show_session, "GET", "/api/session", ""},
    template_path{operation::log_out, "DELETE", "/api/session", ""},
    template_path{operation::list_links, "GET", "/api/hvc/links", ""},
    template_path{operation::show_link_health, "GET", "/api/hvc/links/{l}", ""},
    template_path{operation::reset_link, "POST", "/api/hvc/links/{l}/sync", "action=reset"},
    template_path{operation::list_providers, "GET", "/api/hvc/links/{l}/sync/providers", ""},
    template_path{operation::show_provider_sync, "GET", "/api/hvc/links/{l}/sync/providers/{p}", ""},
    template_path{operation::start_provider_sync, "POST", "/api/hvc/links/{l}/sync/providers/{p}", "action=start"},
};

// Takes the part before the next separator off the front of `text`.
std::string_view take_until(std::string_view& text, char separator) {
  auto const end = text.find(separator);
  auto const part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

// An id is one segment, and never empty.
bool take_id(std::string_view segment, std::string& id) {
  auto decoded = http::decode_segment(segment);
  if (!decoded || decoded->empty())
    return false;
  id = std::move(*decoded);
  return true;
}

std::optional<route> match(template_path const& t, std::string_view path) {
  if (path.ends_with('/'))
    return std::nullopt;
  route r;
  auto expected = t.path;
  while (!expected.empty() && !path.empty()) {
    auto const name = take_until(expected, '/');
    auto const segment = take_until(path, '/');
    bool const fits = name == "{l}"   ? take_id(segment, r.link)
                      : name == "{p}" ? take_id(segment, r.provider)
                                      : segment == name;
    if (!fits)
      return std::nullopt;
  }
  if (!expected.empty() || !path.empty())
    return std::nullopt;
  r.what = t.what;
  return r;
}

} // namespace

route route_of(std::string_view method, std::string_view target) {
  auto query = target;
  auto const path = take_until(query, '?');
  for (auto const& t : templates)
    if (t.method == method && t.query == query)
      if (auto r = match(t, path))
        return std::move(*r);
  return {};
}

bool is_hvc(std::string_view target) noexcept {
  return target.starts_with(hvc_prefix) || target == hvc_prefix.substr(0, hvc_prefix.size() - 1);
}

} // namespace hvc::simulation
