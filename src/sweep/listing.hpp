// What to ask next when everything the server lists is swept: its links, then their providers, each list asked for
// shortly before it is needed, so that memory does not grow with what there is. Knows no I/O.
#pragma once

#include <hvc/sweep_values.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace hvc::sweeping {

class listing {
public:
  struct step {
    enum class type : std::uint8_t {
      wait,           // for an answer to what was asked
      list_links,     // then tell links()
      list_providers, // of question.link; then tell providers(), with the number
      ask,            // the question
      tell            // the question has no provider: `why` is why
    };
    type what = type::wait;
    hvc::question question{};
    std::uint64_t number = 0;
    error why{};
  };

  // `enough`: lists are asked for while fewer questions than this are known.
  listing(bool in_order, std::size_t enough) noexcept : in_order_(in_order), enough_(enough) {}

  step next();
  void links(result<std::vector<link_summary>> answer);
  void providers(std::uint64_t number, result<std::vector<provider_summary>> answer);
  // All was given, and nothing is waited for.
  [[nodiscard]] bool finished() const noexcept;
  // How many questions there are in all, a failed list counted as one; once that is known.
  [[nodiscard]] std::optional<std::uint64_t> total() const noexcept;
  // The same; before that is known, by the mean of the lists that came.
  [[nodiscard]] std::optional<std::uint64_t> expected() const noexcept;

private:
  // A link whose list was asked for. Gone when all of it was given.
  struct batch {
    std::uint64_t number;
    std::string link{};
    bool answered = false;
    std::optional<error> failed{};
    std::vector<provider_summary> providers{};
    std::size_t given = 0;
  };

  [[nodiscard]] bool lists_needed() const noexcept;
  step list_next_link();
  step give(batch& from);

  bool in_order_;
  std::size_t enough_;
  bool asked_ = false;
  bool answered_ = false;
  std::vector<link_summary> links_;
  std::size_t next_link_ = 0;
  std::deque<batch> batches_;     // by number
  std::uint64_t asked_lists_ = 0; // so far; the next batch's number
  std::size_t open_lists_ = 0;    // asked for and not answered
  std::size_t known_ = 0;         // questions that could be given
  std::uint64_t total_ = 0;
};

} // namespace hvc::sweeping
