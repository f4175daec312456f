// hvc::result<T>: a value or an hvc::error.
#pragma once

#include <hvc/error.hpp>

#include <boost/system/result.hpp>

namespace hvc {

/// What every operation answers: the value, or why there is none:
/// `if (r) use(*r, r->member); else log(r.error().message());`
/// `value()` throws hvc::exception where there is none.
template <class T> using result = boost::system::result<T, error>;

} // namespace hvc
