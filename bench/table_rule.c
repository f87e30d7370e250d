/* The rule of bench/table.py in C, one pass over the columns: the practical floor. */
#include <stdint.h>

#define ARGUMENTS                                                                                                      \
  const int8_t *category, const int8_t *danger, const int8_t *size, const int8_t *mode, const float *area,             \
      const int16_t *prior, const uint8_t *redamaged, const uint8_t *rebuilt, const uint8_t *other,                    \
      const uint8_t *certificate, const uint8_t *certified, const int8_t *intensity, const uint8_t *willing,           \
      const int32_t *applied, const int32_t *resident, int8_t *restrict verdicts, int32_t *restrict amounts, long n

enum { KEY = 2261600, SEISMIC = 1000000, CLOSE = 19477, RESIDENCE = 365, PRIOR = 2023 };

static const float low[9] = {0, 20, 30, 40, 52, 65, 78, 91, 104}, high[9] = {0, 60, 60, 60, 72, 90, 108, 126, 144};

/* As one would write it: the first exclusion ends the row. */
void branching(ARGUMENTS) {
  for (long i = 0; i < n; i++) {
    int verdict, amount = 0;
    if (category[i] == 7) verdict = 1;
    else if (danger[i] < 2) verdict = 2;
    else if (!certificate[i]) verdict = 3;
    else if (other[i]) verdict = 4;
    else if (rebuilt[i]) verdict = 5;
    else if (prior[i] > 0 && !redamaged[i]) verdict = 6;
    else if (!certified[i]) verdict = 7;
    else if (applied[i] - resident[i] < RESIDENCE) verdict = 8;
    else if (applied[i] > CLOSE) verdict = 9;
    else if (mode[i] == 1 && (area[i] < low[size[i]] || area[i] > high[size[i]])) verdict = 10;
    else if (category[i] < 6) {
      verdict = 20;
      amount = danger[i] == 3 ? KEY : KEY * 6 / 10;
      if (mode[i] == 2) amount = amount * 8 / 10;
    } else if (intensity[i] >= 7 && willing[i] && prior[i] < PRIOR) {
      verdict = 21;
      amount = SEISMIC;
    } else verdict = 11;
    verdicts[i] = verdict;
    amounts[i] = amount;
  }
}

/* Every condition worked out, the weakest first, so that the compiler may do several rows at once. */
void branch_free(ARGUMENTS) {
  for (long i = 0; i < n; i++) {
    float persons = size[i];
    float least = size[i] <= 3 ? 10 + 10 * persons : 13 * persons, most = size[i] <= 3 ? 60 : 18 * persons;
    int v = (intensity[i] >= 7) & (willing[i] != 0) & (prior[i] < PRIOR) ? 21 : 11;
    v = category[i] < 6 ? 20 : v;
    v = (mode[i] == 1) & ((area[i] < least) | (area[i] > most)) ? 10 : v;
    v = applied[i] > CLOSE ? 9 : v;
    v = applied[i] - resident[i] < RESIDENCE ? 8 : v;
    v = certified[i] ? v : 7;
    v = (prior[i] > 0) & (redamaged[i] == 0) ? 6 : v;
    v = rebuilt[i] ? 5 : v;
    v = other[i] ? 4 : v;
    v = certificate[i] ? v : 3;
    v = danger[i] < 2 ? 2 : v;
    v = category[i] == 7 ? 1 : v;
    int full = danger[i] == 3 ? KEY : KEY * 6 / 10, bought = danger[i] == 3 ? KEY * 8 / 10 : KEY * 6 / 10 * 8 / 10;
    int amount = mode[i] == 2 ? bought : full;
    amounts[i] = v == 20 ? amount : v == 21 ? SEISMIC : 0;
    verdicts[i] = v;
  }
}
