// What a watch told last, and so what is a change. Pure.
#pragma once

#include <hvc/model.hpp>
#include <hvc/result.hpp>

#include <optional>

namespace hvc::watching {

class last_told {
public:
  // Whether this answer is another than the last told one, which it then becomes. Failures are the same where they have
  // the same name: their counts, times and texts are not looked at.
  bool differs(result<sync_info> const& answer);

private:
  std::optional<result<sync_info>> last_;
};

} // namespace hvc::watching
