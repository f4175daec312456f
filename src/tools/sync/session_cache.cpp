#include "session_cache.hpp"

#include "error_builder.hpp"
#include "session_file.hpp"
#include "session_memo.hpp"
#include "usage_error.hpp"

#include <hvc/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <random>
#include <system_error>

namespace hvc::tools {

namespace {

namespace asio = boost::asio;

} // namespace

struct session_cache::state {
  state(client_options l, std::string path) : login(std::move(l)), file(std::move(path)) {}
  [[nodiscard]] user_password const& who() const { return std::get<user_password>(login.credentials()); }

  client_options login;
  session_file file;
  unsigned logins = 0; // under way
};

namespace {

struct count_login {
  unsigned& under_way;
  explicit count_login(unsigned& n) : under_way(++n) {}
  ~count_login() { --under_way; }
  count_login(count_login const&) = delete;
};

struct unlock_at_end {
  session_file& file;
  ~unlock_at_end() { file.unlock(); }
};

std::string random_salt() {
  std::random_device source;
  std::string salt;
  for (int i = 0; i < 4; ++i)
    salt += std::to_string(source());
  return salt;
}

std::chrono::sys_seconds now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

// flock(2) tells nobody when a file becomes free, and to wait in it would stop everything else here.
asio::awaitable<void> lock(session_file& file) {
  asio::steady_timer pause(co_await asio::this_coro::executor);
  while (!file.try_lock()) {
    pause.expires_after(std::chrono::milliseconds(10));
    co_await pause.async_wait(asio::use_awaitable);
  }
}

// A login of its own client, who leaves the session behind.
asio::awaitable<result<std::string>> log_in(client_options const& options) {
  client c(co_await asio::this_coro::executor, options);
  result<void> const done = co_await c.log_in();
  auto const token = c.release_session();
  co_await c.async_close();
  if (!done)
    co_return done.error();
  co_return token ? token->token() : std::string();
}

exception no_session(std::string why) {
  return exception(error_builder(error(error_kind::auth, "no_session")).detail({.text = std::move(why)}).build());
}

void keep(session_memo const& memo, session_file& file) {
  try {
    file.write(memo.text());
  } catch (std::system_error const& e) {
    throw no_session(e.what());
  }
}

// Whose the file is, if it is another's: what would be forgotten is a session that may hold, or a refusal.
std::optional<std::string> claim(std::optional<session_memo> const& kept, session_cache::state const& s) {
  if (!kept || kept->is_of(s.login.server(), s.who().user()))
    return std::nullopt;
  return "the session cache " + s.file.path() + " is that of " + kept->user + " at " + kept->server +
         ": each user of each server has a file of its own";
}

asio::awaitable<std::string> session_for(std::shared_ptr<session_cache::state> s, std::string rejected) {
  co_await lock(s->file);
  unlock_at_end const at_end{s->file};
  auto const kept = session_memo::parse(s->file.read());
  if (auto claimed = claim(kept, *s))
    throw no_session(*std::move(claimed));
  auto memo = kept.value_or(session_memo{s->login.server(), s->who().user()});
  switch (next_step(memo, rejected, s->who().password(), now())) {
  case session_step::use_token:
    co_return memo.token;
  case session_step::refuse:
    throw exception(memo.refusal->told_again(now()));
  case session_step::log_in:
    break;
  }
  keep(memo, s->file); // a session that could not be kept would be left behind with every run
  count_login const counted(s->logins);
  auto const token = co_await log_in(s->login);
  memo.token = token ? *token : std::string();
  memo.refusal.reset();
  if (!token && token.error().kind() == error_kind::auth && token.error().reason() == "login_refused")
    memo.refusal = login_refusal::of(token.error(), s->who().password(), random_salt(), now());
  keep(memo, s->file);
  if (!token)
    throw exception(token.error());
  co_return *token;
}

} // namespace

session_cache::session_cache(client_options login, std::string path)
    : state_(std::make_shared<state>(std::move(login), std::move(path))) {
  if (auto const claimed = claim(session_memo::parse(state_->file.read()), *state_))
    throw usage_error(*claimed);
}

credentials session_cache::source(asio::any_io_executor executor) const {
  return session_source([s = state_, executor](std::string rejected, session_source::completion done) {
    asio::co_spawn(executor, session_for(s, std::move(rejected)), std::move(done));
  });
}

bool session_cache::is_logging_in() const noexcept { return state_->logins != 0; }

} // namespace hvc::tools
