// One session for many runs of the tool: --session-cache. Whoever needs a session looks into the file, and logs in only
// while the file is locked, so that a hundred processes started at once make one login.
#pragma once

#include <hvc/options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <string>

namespace hvc::tools {

/// Credentials that find their session in the file at `path`, and put it there: those of `login`, whose credentials are
/// a user_password, are used where there is none that holds. Throws usage_error where the file cannot be used.
[[nodiscard]] credentials shared_session(boost::asio::any_io_executor executor, client_options login, std::string path);

} // namespace hvc::tools
