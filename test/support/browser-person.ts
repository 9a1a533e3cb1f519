import { type IncomingHttpHeaders, request as send } from "node:http";
import type { Person } from "./issuer-sign-ins";

export interface Page {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly html: string;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
}

/** What a browser does with pages, forms and cookies, for a person with a will. Scripts it runs none, as the page has none. */
export interface BrowserPerson {
  /** Cookies by name, as this browser holds them. */
  readonly cookies: Map<string, string>;
  /** One request, as it stands; redirects are not followed. */
  send(url: string, sent?: Sent): Promise<Page>;
  /** Opens the link and signs in; gives the page that is shown then. */
  open(link: string): Promise<Page>;
  /** Presses a button of the page that is shown; gives what is answered. */
  press(link: string, page: Page, answer: "yes" | "no", typed?: string): Promise<Page>;
  /** Opens the link, signs in and answers. */
  answer(link: string, answer?: "yes" | "no"): Promise<Page>;
}

const plainText = (text: string) =>
  text
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

const withoutEntities = (text: string) =>
  plainText(text).replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

/** Values of the hidden fields of a page's form. */
export const fieldsOf = (html: string): Record<string, string> =>
  Object.fromEntries(
    [...html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(
      ([, name, value]) => [name ?? "", plainText(value ?? "")],
    ),
  );

/** Whoever reads the page types the name that it asks for; undefined where it asks for none. */
export const typedOn = ({ html }: Page): string | undefined =>
  /<label>[^<]*?([\w]+)<input name="typed"/.exec(html)?.[1];

export function openBrowser(person: Person): BrowserPerson {
  const cookies = new Map<string, string>();

  const once = (url: string, { method, headers = {}, form }: Sent = {}): Promise<Page> =>
    new Promise((done, fail) => {
      const { hostname, port, pathname, search, host } = new URL(url);
      const body = form === undefined ? "" : new URLSearchParams(form).toString();
      const jar = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const isIssuer = hostname !== "localhost";
      const outgoing = send(
        {
          // The servers of tests listen on one address of loopback.
          host: "127.0.0.1",
          port,
          path: `${pathname}${search}`,
          method: method ?? (form === undefined ? "GET" : "POST"),
          agent: false,
          headers: {
            host,
            ...(jar === "" || isIssuer ? {} : { cookie: jar }),
            ...(isIssuer ? { "x-test-person": JSON.stringify(person) } : {}),
            ...(form === undefined
              ? {}
              : {
                  "content-type": "application/x-www-form-urlencoded",
                  "content-length": String(Buffer.byteLength(body)),
                }),
            ...headers,
          },
        },
        (incoming) => {
          let html = "";
          incoming.setEncoding("utf8").on("data", (part: string) => {
            html += part;
          });
          incoming.on("end", () => {
            for (const cookie of incoming.headers["set-cookie"] ?? []) {
              const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
              if (/max-age=0/i.test(cookie)) cookies.delete(name);
              else cookies.set(name, value);
            }
            done({ status: incoming.statusCode ?? 0, headers: incoming.headers, html });
          });
        },
      );
      outgoing.on("error", fail);
      outgoing.end(body);
    });

  const browser: BrowserPerson = {
    cookies,
    send: once,
    async open(link) {
      let url = link;
      for (let hop = 0; hop < 5; hop++) {
        const page = await once(url);
        const { location } = page.headers;
        // An issuer that shows a page of its own has one way on.
        const isIssuer = new URL(url).hostname !== "localhost";
        const further = isIssuer ? /<a href="([^"]+)"/.exec(page.html)?.[1] : undefined;
        const next = page.status === 302 ? location : further && withoutEntities(further);
        if (next === undefined) return page;
        url = new URL(next, url).href;
      }
      throw new Error("The page sends the browser in circles.");
    },
    press(link, page, answer, typed) {
      const { origin } = new URL(link);
      return once(`${origin}/approve`, {
        headers: { origin, "sec-fetch-site": "same-origin" },
        form: { ...fieldsOf(page.html), ...(typed === undefined ? {} : { typed }), answer },
      });
    },
    async answer(link, answer = "yes") {
      const page = await browser.open(link);
      if (page.status !== 200) return page;
      return browser.press(link, page, answer, typedOn(page));
    },
  };
  return browser;
}
