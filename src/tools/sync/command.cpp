#include "command.hpp"

#include <algorithm>
#include <array>

namespace hvc::tools {

namespace {

constexpr std::array all{
    command{"get", "LINK PROVIDER", "how the synchronisation of one provider stands",
            "Asks GET /api/hvc/links/LINK/sync/providers/PROVIDER. With --output json: the\n"
            "server's Info, with the API's own names.\n",
            run_get},
    command{"links", "", "the hybrid links of the server",
            "Asks GET /api/hvc/links. With --output json: an array of {link, display_name}.\n", run_links},
    command{"providers", "LINK", "the sync providers of a link",
            "Asks GET /api/hvc/links/LINK/sync/providers. With --output json: an array of\n{provider}.\n",
            run_providers},
    command{"start", "LINK PROVIDER", "starts the synchronisation of one provider",
            "Asks POST /api/hvc/links/LINK/sync/providers/PROVIDER?action=start, once: where\n"
            "no reply comes nobody knows whether it was done. With --output json: {}.\n",
            run_start},
    command{"reset", "LINK", "resets the synchronisation of a link",
            "Asks POST /api/hvc/links/LINK/sync?action=reset, once, as start does. With\n--output json: {}.\n",
            run_reset},
};

} // namespace

std::size_t command::argument_count() const noexcept {
  if (arguments.empty())
    return 0;
  return static_cast<std::size_t>(std::count(arguments.begin(), arguments.end(), ' ')) + 1;
}

std::span<command const> commands() noexcept { return all; }

command const* find_command(std::string_view name) noexcept {
  auto const found = std::find_if(all.begin(), all.end(), [name](command const& c) { return c.name == name; });
  return found == all.end() ? nullptr : &*found;
}

} // namespace hvc::tools
