// The public class, and the border its templates cross.
#include <hvc/client.hpp>

#include "context_end.hpp"
#include "core.hpp"
#include "error_builder.hpp"
#include "net/asio_platform.hpp"

#include <boost/asio/post.hpp>

#include <new>
#include <utility>

namespace hvc {
namespace {

error moved_from() {
  return error_builder(error(error_kind::invalid_argument, "client"))
      .detail({.text = "the client was moved from"})
      .build();
}

} // namespace

namespace detail {

entrance::entrance(core* c, boost::asio::any_io_executor const& of_client) noexcept
    : core_(c), executor_(c != nullptr ? &c->executor() : &of_client) {}

call_id start_call(entrance const& to, operation const& op, std::string_view link, std::string_view provider,
                   call_options const& options, boost::asio::cancellation_slot slot, reply_handler handler) {
  if (auto* const c = to.get_core())
    return c->start(op, link, provider, options, std::move(slot), std::move(handler));
  return refuse(to.get_executor(), moved_from(), std::move(handler));
}

void start(entrance const& to, operation const& op, std::string_view link, std::string_view provider,
           call_options const& options, boost::asio::cancellation_slot slot, reply_handler handler) {
  start_call(to, op, link, provider, options, std::move(slot), std::move(handler));
}

void start_close(entrance const& to, close_handler handler) {
  if (auto* const c = to.get_core())
    return c->close(std::move(handler));
  boost::asio::post(to.get_executor(), [h = std::move(handler)]() mutable { std::move(h)(); });
}

call_id refuse(boost::asio::any_io_executor const& executor, error why, reply_handler handler) {
  boost::asio::post(executor, [handler = std::move(handler), why = std::move(why)]() mutable {
    outcome o;
    o.error = std::move(why);
    std::move(handler)(o);
  });
  return {};
}

} // namespace detail

client::client(boost::asio::any_io_executor executor, client_options options)
    : executor_(std::move(executor)),
      core_(std::make_shared<detail::core>(executor_, std::move(options), net::make_asio_platform(executor_))) {
  detail::drop_at_end(executor_, core_);
}

client::client(client&& other) noexcept : executor_(other.executor_), core_(std::move(other.core_)) {}

client& client::operator=(client&& other) noexcept {
  client const old(std::move(*this));
  executor_ = other.executor_;
  core_ = std::move(other.core_);
  return *this;
}

client::~client() {
  if (!core_)
    return;
  try {
    core_->close({});
  } catch (std::bad_alloc const&) { // even to say goodbye: then nobody is told
    core_->drop();
  }
}

std::optional<session_token> client::release_session() { return core_ ? core_->release_session() : std::nullopt; }

result<void> client::update_credentials(hvc::credentials c) {
  return core_ ? core_->update_credentials(std::move(c)) : moved_from();
}

result<void> client::update_tls(tls_options const& o) { return core_ ? core_->update_tls(o) : moved_from(); }

std::shared_ptr<detail::core> const& detail::core_of(client const& c) noexcept { return c.core_; }

client_stats client::stats() const { return core_ ? core_->stats() : client_stats(); }

} // namespace hvc
