// hvc-sync links
#include "command.hpp"

namespace hvc::tools {

namespace {

std::string links_table(std::vector<link_summary> const& links, canvas const& to) {
  if (links.empty())
    return "The server has no hybrid links.\n";
  std::vector<std::vector<std::string>> rows;
  for (auto const& l : links)
    rows.push_back({l.link, l.display_name});
  return table({"LINK", "NAME"}, rows, to);
}

} // namespace

boost::asio::awaitable<int> run_links(session const& s) {
  auto const answer = co_await s.client().list_links(s.call());
  co_return s.report(answer, [&s](auto const& links) { return links_table(links, s.to); });
}

} // namespace hvc::tools
