// The two groups of our elections, in multiplicative notation as the protocol writes them.
// Scalars are BigInt in 0..q-1. Elements are opaque: use the methods of their group only.
//
// `power` and `basePower` are for secret exponents, `publicPower` and `publicBasePower` for exponents
// that everybody may know: the latter are quicker and their time depends on the exponent.

import { ed25519 } from "../../vendor/noble-curves.js";
import { bytesToHex, hexToBytes } from "../../vendor/noble-hashes.js";
import { BeleniosError, demand } from "./encoding.js";

const { Point } = ed25519;

// Bytes beyond the order's size, so that reducing random bytes modulo q leaves no measurable bias.
const EXTRA_RANDOM_BYTES = 16;

/** Random bytes of the browser: `length` of them. The default of every `random` parameter. */
export function browserRandom(length) {
  return globalThis.crypto.getRandomValues(new Uint8Array(length));
}

function integerOfBytes(bytes) {
  return BigInt(`0x${bytesToHex(bytes)}`);
}

class Group {
  /** The representative of an integer in 0..q-1. */
  reduce(integer) {
    const rest = integer % this.order;
    return rest < 0n ? rest + this.order : rest;
  }

  /** A uniform scalar out of `random(length)` bytes. */
  randomScalar(random = browserRandom) {
    return this.reduce(integerOfBytes(random(this.orderBytes + EXTRA_RANDOM_BYTES)));
  }

  /** A scalar written as a decimal string; leading zeros and q or more are BeleniosError("bad-scalar"). */
  parseScalar(text) {
    demand(typeof text === "string" && /^(0|[1-9][0-9]{0,699})$/.test(text), "bad-scalar", String(text));
    const scalar = BigInt(text);
    demand(scalar < this.order, "bad-scalar", text);
    return scalar;
  }

  /** As decodeAny, and not the identity: a key or a ballot that holds it hides nothing. */
  decode(text) {
    const element = this.decodeAny(text);
    demand(!this.isIdentity(element), "bad-element", text);
    return element;
  }

  /** Product of many elements. */
  product(elements) {
    return elements.reduce((left, right) => this.multiply(left, right), this.identity);
  }

  /** a / b. */
  divide(left, right) {
    return this.multiply(left, this.inverse(right));
  }
}

class Ed25519Group extends Group {
  name = "Ed25519";
  order = Point.Fn.ORDER;
  orderBytes = 32;
  generator = Point.BASE;
  identity = Point.ZERO;

  multiply(left, right) {
    return left.add(right);
  }

  inverse(element) {
    return element.negate();
  }

  equal(left, right) {
    return left.equals(right);
  }

  isIdentity(element) {
    return element.is0();
  }

  power(element, scalar) {
    return scalar === 0n || element.is0() ? this.identity : element.multiply(scalar);
  }

  publicPower(element, scalar) {
    return scalar === 0n ? this.identity : element.multiplyUnsafe(scalar);
  }

  basePower(scalar) {
    return this.power(Point.BASE, scalar);
  }

  publicBasePower(scalar) {
    return this.publicPower(Point.BASE, scalar);
  }

  /** Build a table for an element of which many powers follow. `ballots` tells how many, roughly. */
  prepare(element, ballots = 1) {
    element.precompute(ballots > 20 ? 8 : 5);
    return element;
  }

  /** RFC 8032 encoding, reversed: big-endian hexadecimal, 64 lower-case digits. */
  encode(element) {
    return bytesToHex(element.toBytes().reverse());
  }

  /** The element of a canonical encoding, in the subgroup of prime order; else BeleniosError("bad-element"). */
  decodeAny(text) {
    demand(typeof text === "string" && /^[0-9a-f]{64}$/.test(text), "bad-element", String(text));
    let element;
    try {
      element = Point.fromBytes(hexToBytes(text).reverse());
    } catch {
      throw new BeleniosError("bad-element", text);
    }
    demand(this.encode(element) === text && element.isTorsionFree(), "bad-element", text);
    return element;
  }
}

const BELENIOS_2048 = {
  p: BigInt(
    "2069478569142254640101364365750500806492298929575110409710088478705737421924271740192223725449768433" +
      "8129066633138078958404960054389636289796393038773905722803605973749427671376777618898589872735865049" +
      "0811670993105358677809800307904916540637771737641986785272734744763418356000356983051931442845617019" +
      "1100078673730733356412397173289791324047457883446826065232797464795113767265869358218004631792207366" +
      "8860052627186363386088796882120769432366149491002923444346373222145884100586421050242120365433561201" +
      "3204811188524087310770141516662001623131771693721892480785077118278423174980732765988288251691831031" +
      "25680162072880719",
  ),
  g: BigInt(
    "2402352677501852209227687703532399932712287657378364916510075318787663274146353219320285676155269678" +
      "7996946682987493890950838965734256019006010684771644917354741372831046104586813145117816467554005274" +
      "0288984613986453266121505579709716201616827031288643245666383486363578210615491841998253431518974065" +
      "8186868651151358576410138882215396016043228843603930989333662772848406593138406010231675095763777982" +
      "6651036068224066350766977640253462537730851331734951942489677540525736590494924776314759915751987751" +
      "7771148149092045660020547812705472823814097251863985833411570056835369555342378147558249189605029668" +
      "0037745308460627",
  ),
  q: 78571733251071885079927659812671450121821421258408794611510081919805623223441n,
};

class FiniteFieldGroup extends Group {
  constructor(name, { p, g, q }) {
    super();
    this.name = name;
    this.prime = p;
    this.order = q;
    this.orderBytes = Math.ceil(q.toString(2).length / 8);
    this.generator = g;
    this.identity = 1n;
  }

  multiply(left, right) {
    return (left * right) % this.prime;
  }

  inverse(element) {
    return this.publicPower(element, this.order - 1n);
  }

  equal(left, right) {
    return left === right;
  }

  isIdentity(element) {
    return element === 1n;
  }

  // BigInt offers nothing in constant time; the fixed window at least runs one multiplication for each digit.
  power(element, scalar) {
    const table = [1n];
    for (let i = 1; i < 16; i += 1) table.push(this.multiply(table[i - 1], element));
    let result = 1n;
    for (const digit of scalar.toString(16).padStart(this.orderBytes * 2, "0")) {
      for (let i = 0; i < 4; i += 1) result = this.multiply(result, result);
      result = this.multiply(result, table[Number.parseInt(digit, 16)]);
    }
    return result;
  }

  publicPower(element, scalar) {
    return this.power(element, scalar);
  }

  basePower(scalar) {
    return this.power(this.generator, scalar);
  }

  publicBasePower(scalar) {
    return this.power(this.generator, scalar);
  }

  prepare(element) {
    return element;
  }

  encode(element) {
    return element.toString();
  }

  decodeAny(text) {
    demand(typeof text === "string" && /^[1-9][0-9]{0,699}$/.test(text), "bad-element", String(text));
    const element = BigInt(text);
    demand(element < this.prime && this.power(element, this.order) === 1n, "bad-element", text);
    return element;
  }
}

const GROUPS = new Map([
  ["Ed25519", new Ed25519Group()],
  ["BELENIOS-2048", new FiniteFieldGroup("BELENIOS-2048", BELENIOS_2048)],
]);

/** The group of this name in an election; BeleniosError("unknown-group") for any other than our two. */
export function groupNamed(name) {
  const group = GROUPS.get(name);
  demand(group !== undefined, "unknown-group", String(name));
  return group;
}
