#include "core_registry.hpp"

#include "core.hpp"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>

#include <mutex>
#include <vector>

namespace hvc::detail {
namespace {

class registry final : public boost::asio::execution_context::service {
public:
  using key_type = registry;
  static boost::asio::execution_context::id id;

  explicit registry(boost::asio::execution_context& context) : service(context) {}

  void add(std::shared_ptr<core> const& c) {
    std::lock_guard lock(mutex_);
    std::erase_if(cores_, [](auto const& weak) { return weak.expired(); });
    cores_.push_back(c);
  }

private:
  void shutdown() override {
    std::vector<std::weak_ptr<core>> cores;
    {
      std::lock_guard lock(mutex_);
      cores.swap(cores_);
    }
    for (auto const& weak : cores)
      if (auto const c = weak.lock())
        c->drop();
  }

  std::mutex mutex_;
  std::vector<std::weak_ptr<core>> cores_;
};

boost::asio::execution_context::id registry::id;

} // namespace

void register_core(std::shared_ptr<core> const& c) {
  auto& context = boost::asio::query(c->executor(), boost::asio::execution::context);
  boost::asio::use_service<registry>(context).add(c);
}

} // namespace hvc::detail
