"use strict";
// Torch's generator on the CPU, so that a seed gives the same start and
// the same mini-batches as in scratch: the Mersenne Twister.
// Matsumoto and Nishimura (1998), https://doi.org/10.1145/272991.272995
(() => {
  const N = 624;

  class Generator {
    constructor(seed) {
      // The state: 624 words of 32 bits, the first from the seed.
      this.words = new Uint32Array(N);
      this.words[0] = seed % 2 ** 32;
      for (let i = 1; i < N; i++) {
        const last = this.words[i - 1];
        this.words[i] = Math.imul(1812433253, last ^ last >>> 30) + i;
      }
      this.next = N;
    }

    // New words: each from the top bit of the old one, the other 31 bits
    // of the next, and the word 397 places further on.
    twist() {
      const words = this.words;
      for (let i = 0; i < N; i++) {
        const y = words[i] & 0x80000000 | words[(i + 1) % N] & 0x7fffffff;
        words[i] = words[(i + 397) % N] ^ y >>> 1 ^ (y & 1) * 0x9908b0df;
      }
      this.next = 0;
    }

    // An integer of 32 bits.
    random() {
      if (this.next === N) this.twist();
      let y = this.words[this.next++];
      y ^= y >>> 11;
      y ^= y << 7 & 0x9d2c5680;
      y ^= y << 15 & 0xefc60000;
      return (y ^ y >>> 18) >>> 0;
    }

    // A number of U(0, 1) in float64: the last 53 of 64 bits.
    uniform() {
      const high = this.random() % 2 ** 21, low = this.random();
      return (high * 2 ** 32 + low) / 2 ** 53;
    }

    // Fill a tensor with U(-bound, bound).
    uniform_(tensor, bound) {
      // Torch computes u 2 bound - bound, with one rounding. 2 u - 1 is
      // exact, so this has one rounding, too.
      for (let i = 0; i < tensor.length; i++)
        tensor[i] = (2 * this.uniform() - 1) * bound;
    }

    // The integers from 0 to n - 1 in a random order.
    randperm(n) {
      const order = Array.from({length: n}, (_, i) => i);
      for (let i = 0; i < n - 1; i++) {
        const k = i + this.random() % (n - i);
        [order[i], order[k]] = [order[k], order[i]];
      }
      return order;
    }
  }

  (globalThis.lectures ??= {}).Generator = Generator;
})();
