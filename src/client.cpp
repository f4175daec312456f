// The public class, and the border its templates cross.
#include <hvc/client.hpp>

#include "core.hpp"
#include "core_registry.hpp"
#include "net/asio_platform.hpp"

#include <utility>

namespace hvc {
namespace detail {

boost::asio::any_io_executor const& executor_of(core& c) noexcept { return c.executor(); }

void start(core& c, operation const& op, std::string_view link, std::string_view provider, call_options const& options,
           boost::asio::cancellation_slot slot, reply_handler handler) {
  c.start(op, link, provider, options, std::move(slot), std::move(handler));
}

void start_close(core& c, close_handler handler) { c.close(std::move(handler)); }

} // namespace detail

client::client(boost::asio::any_io_executor executor, client_options options) {
  auto platform = net::make_asio_platform(executor);
  core_ = std::make_shared<detail::core>(std::move(executor), std::move(options), std::move(platform));
  detail::register_core(core_);
}

client::client(client&&) noexcept = default;

client& client::operator=(client&& other) noexcept {
  client old(std::move(*this));
  core_ = std::move(other.core_);
  return *this;
}

client::~client() {
  if (core_)
    core_->close({});
}

boost::asio::any_io_executor const& client::get_executor() const noexcept { return core_->executor(); }

std::optional<session_token> client::release_session() { return core_->release_session(); }

client_stats client::stats() const { return core_->stats(); }

} // namespace hvc
