// Tokens that come with events, and which sources they prove.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "books/event_batch.h"

namespace partake::books {

// As they stand in a file of tokens: a line each, the source's name, a space, its token.
class SourceTokens {
 public:
  // `file` names it in errors, which never show what stands in it: tokens.malformed, tokens.twice.
  static Result<SourceTokens> parse(std::string_view text, const std::string& file);
  // In place of the one that the source has, if any. A name without line breaks, a token without
  // spaces and line breaks.
  void set(const std::string& source, const std::string& token);
  [[nodiscard]] std::string text() const;
  // Null when there is none.
  [[nodiscard]] const std::string* of(std::string_view source) const;

 private:
  std::vector<std::pair<std::string, std::string>> tokens_;
};

// Compared once, against what the books have of each source: the hash of its token.
class SourceAccess {
 public:
  // The rulebook must outlive it and stay as it is.
  SourceAccess(const Rulebook& rulebook, const SourceTokens& tokens);

  // Refuses good events whose source has a token that did not come with them, unless it came with
  // them before (EventBatch::proven): event.source_not_authenticated, event.wrong_token.
  void check(EventBatch& batch) const;
  // Whether the token of a stream's source came, if it has one. Errors as above.
  [[nodiscard]] Status check(StreamNumber number) const;
  // The source that a message names, if its token came with it; empty otherwise.
  [[nodiscard]] std::string proven_source(std::string_view document) const;

 private:
  enum class State : std::uint8_t { no_token, proven, not_presented, wrong };
  const Rulebook& rulebook_;
  std::vector<State> states_;  // By the source's number.
};

}  // namespace partake::books
