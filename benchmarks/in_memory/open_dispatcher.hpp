// A dispatcher whose one connection is open and idle: a call has been made over it.
#pragma once

#include "dispatch/dispatcher.hpp"

#include <chrono>

namespace bench {

struct open_dispatcher {
  open_dispatcher() {
    hvc::call_id const first = dispatcher.submit(now, request, actions);
    for (auto const& a : actions)
      if (a.what == hvc::dispatch::action::type::dial)
        connection = a.connection;
    dispatcher.trying_address(now, connection, 1);
    dispatcher.handshaking(now, connection);
    dispatcher.dialled(now, connection, false, actions);
    dispatcher.succeeded(now, connection, first, reusable, actions);
  }

  static hvc::dispatch::settings with_deadline() {
    hvc::dispatch::settings s;
    s.deadline = std::chrono::seconds(30);
    return s;
  }

  static constexpr hvc::dispatch::call_request request{std::chrono::seconds(30), 3, true};
  static constexpr hvc::dispatch::afterwards reusable{true, {}};
  hvc::dispatch::dispatcher dispatcher{with_deadline()};
  hvc::time_point now{};
  hvc::dispatch::actions actions;
  hvc::connection_id connection;
};

} // namespace bench
