#include "watch/last_told.hpp"

#include <hvc/standard_error.hpp>

namespace hvc::watching {
namespace {

bool same_name(error const& a, error const& b) noexcept {
  if (a.kind() != b.kind() || a.reason() != b.reason() || a.http_status() != b.http_status())
    return false;
  auto const x = a.standard(), y = b.standard();
  return x == nullptr || y == nullptr ? x == y : x->error_type == y->error_type;
}

bool same(result<sync_info> const& a, result<sync_info> const& b) {
  if (a && b)
    return *a == *b;
  return !a && !b && same_name(a.error(), b.error());
}

} // namespace

bool last_told::differs(result<sync_info> const& answer) {
  if (last_ && same(*last_, answer))
    return false;
  last_.emplace(answer);
  return true;
}

} // namespace hvc::watching
