#include "context_end.hpp"

#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace hvc::detail {
namespace {

class registry final : public boost::asio::execution_context::service {
public:
  using key_type = registry;
  static boost::asio::execution_context::id id;

  explicit registry(boost::asio::execution_context& context) : service(context) {}

  void add(std::weak_ptr<ends_with_context> what) {
    std::lock_guard lock(mutex_);
    if (members_.size() >= look_again_at_) { // seldom, so that many cost no more than few
      std::erase_if(members_, [](auto const& weak) { return weak.expired(); });
      look_again_at_ = std::max<std::size_t>(16, 2 * members_.size());
    }
    members_.push_back(std::move(what));
  }

private:
  void shutdown() override {
    std::vector<std::weak_ptr<ends_with_context>> members;
    {
      std::lock_guard lock(mutex_);
      members.swap(members_);
    }
    for (auto const& weak : members)
      if (auto const member = weak.lock())
        member->drop();
  }

  std::mutex mutex_;
  std::vector<std::weak_ptr<ends_with_context>> members_;
  std::size_t look_again_at_ = 16;
};

boost::asio::execution_context::id registry::id;

} // namespace

void drop_at_end(boost::asio::any_io_executor const& executor, std::weak_ptr<ends_with_context> what) {
  auto& context = boost::asio::query(executor, boost::asio::execution::context);
  boost::asio::use_service<registry>(context).add(std::move(what));
}

} // namespace hvc::detail
