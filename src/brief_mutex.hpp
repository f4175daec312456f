// A mutex for what is held for less than a microsecond: whoever finds it taken spins for about as long before the
// kernel is asked to put the thread to sleep, which costs ten times that.
#pragma once

#include <mutex>

namespace hvc {

class brief_mutex {
public:
  void lock() {
    constexpr int spins = 100;
    for (int i = 0; i != spins; ++i) {
      if (mutex_.try_lock())
        return;
#if defined(__x86_64__)
      __builtin_ia32_pause();
#endif
    }
    mutex_.lock();
  }
  bool try_lock() { return mutex_.try_lock(); }
  void unlock() { mutex_.unlock(); }

private:
  std::mutex mutex_;
};

} // namespace hvc
