import words from "./words.json";

/**
 * Words by which a language is told, by BCP 47 primary tag: what stands in every text, and what people write to a service
 * desk, where a subject line has two words and none of the first kind. Words that many languages share say nothing and are
 * not there: `router`, `app`, `online`.
 */
export const wordsOfLanguages: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(words).map(([tag, list]) => [tag, list.split(" ")]),
);

/** What stands in texts of any language: it must not speak for one. */
export const wordsOfAll: ReadonlySet<string> = new Set(
  `router routers wifi wi fi wlan internet online offline app apps email mail e-mail web code pin pdf usb lan vpn display firmware update
  login link gateway mesh reset boost led gmbh ltd inc sa srl bv kg ok sms fax smartphone laptop tablet bluetooth browser service support
  server modem cas ka hr bm tq veloria bellamont thermaq halvren uno duo barista crema office mini pro travel lite city tour cargo junior
  espresso cappuccino latte re fwd fw aw wg`.split(/\s+/),
);
