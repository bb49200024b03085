// Sends an encrypted ballot and keeps it in this tab until the server has confirmed it. Sending twice is harmless:
// the server knows a ballot by its tracker. Cookies stay behind, so the ballot travels without any sign-in.

const TIMEOUT = 30_000;
const TOO_MANY = 429;

/** The one ballot of this tab that is not confirmed yet. It is encrypted; neither code nor vote is kept. */
export class Waiting {
  constructor(election) {
    this.key = `ballot:${election}`;
  }

  keep(sealed) {
    try {
      sessionStorage.setItem(this.key, JSON.stringify(sealed));
    } catch (error) {
      // A full or forbidden store only means that closing the tab loses the ballot; it can be made again.
      console.warn(error);
    }
  }

  get() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key));
    } catch (error) {
      // Where the store is forbidden nothing was kept.
      console.warn(error);
      return null;
    }
  }

  forget() {
    try {
      sessionStorage.removeItem(this.key);
    } catch (error) {
      console.warn(error);
    }
  }
}

/**
 * Send a ballot. Result: {receipt} when it is in the box, {refusal: text} when the server will not take it,
 * {delay: text} when it will only later, {} when nobody knows whether it arrived, so that it should be sent again.
 */
export async function send(address, { ballot, tracker }) {
  try {
    const response = await fetch(address, {
      method: "POST",
      body: ballot,
      credentials: "omit",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (response.status >= 500) return {};
    const answer = await response.json();
    if (response.status === TOO_MANY) return { delay: answer.error };
    if (!response.ok) return { refusal: answer.error };
    return answer.tracker === tracker ? { receipt: answer } : {};
  } catch (error) {
    // A lost connection, a time-out, or a page of some network in between.
    console.warn(error);
    return {};
  }
}
