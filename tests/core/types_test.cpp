// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/core/types.hpp"

#include "catch.hpp"
#include "cxrlt/core/ordered_key.hpp"

using namespace cxrlt;

TEST_CASE("a value that does not exist is NaN and says why") {
  const MetricValue none = MetricValue::undefined(Undefined::no_positives);
  CHECK_FALSE(none.defined());
  CHECK(is_nan(none.value));
  CHECK(none.why == Undefined::no_positives);
  CHECK(MetricValue{0.5}.defined());
  CHECK_FALSE(Average{0, 0, 3, Undefined::no_samples}.defined());
  CHECK(Average{0.5, 3, 3}.defined());
}

TEST_CASE("reasons have stable, distinct names") {
  CHECK(to_string(Undefined::none).empty());
  CHECK(to_string(Undefined::no_samples) == "no_samples");
  CHECK(to_string(Undefined::no_positives) == "no_positives");
  CHECK(to_string(Undefined::no_negatives) == "no_negatives");
  CHECK(to_string(Undefined::no_predictions) == "no_predictions");
  CHECK(to_string(Undefined::one_margin_empty) == "one_margin_empty");
  CHECK(to_string(Undefined::not_probabilities) == "not_probabilities");
  CHECK(to_string(Undefined::unattainable) == "unattainable");
  CHECK(to_string(Undefined::uninformative) == "uninformative");
}
