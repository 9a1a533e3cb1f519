/** Names of HTML that several readers need. @see https://html.spec.whatwg.org/multipage/indices.html#elements-3 */

const list = (names: string): readonly string[] => names.trim().split(/\s+/);

/** Elements that have no end tag. */
export const voidTags: ReadonlySet<string> = new Set(
  list("area base br col embed frame hr img input link meta param source track wbr"),
);

/** Elements that end by themselves where the next one begins. */
export const selfEnding: ReadonlySet<string> = new Set(
  list("p li dt dd tr td th thead tbody tfoot colgroup caption option rt rp html head body"),
);

/** What formats a text and does nothing else: the elements that a mail may have. */
export const formattingTags: ReadonlySet<string> = new Set(
  list(`
    a abbr acronym address article aside b bdi bdo big blockquote body br caption center cite code col colgroup dd del
    details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr html i img ins kbd li main mark
    nav ol p pre q s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul
    var wbr
  `),
);

/** What each of them may carry. */
export const formattingAttributes: readonly string[] = list(
  "align aria-hidden aria-label bgcolor border class color dir face height id lang role size style title valign width",
);

/** What only some may carry besides. */
export const ownAttributes: Readonly<Record<string, readonly string[]>> = {
  a: list("href name target rel"),
  blockquote: list("type"),
  col: list("span"),
  colgroup: list("span"),
  hr: list("noshade"),
  img: list("src alt hspace vspace"),
  li: list("type value"),
  ol: list("type start reversed"),
  table: list("cellpadding cellspacing rules summary"),
  td: list("colspan rowspan nowrap abbr scope headers"),
  th: list("colspan rowspan nowrap abbr scope headers"),
  time: list("datetime"),
  ul: list("type"),
};

/** Attributes that mean something without a value. */
export const bareAttributes: ReadonlySet<string> = new Set(
  list(
    "noshade nowrap reversed hidden open checked disabled selected readonly compact ismap clear download translate contenteditable crossorigin",
  ),
);

/** All other elements of HTML, SVG and MathML that browsers know: a tag of such a name is never words in angle brackets. */
export const otherTags: ReadonlySet<string> = new Set(
  list(`
    annotation-xml applet area audio base basefont bgsound blink button canvas command content data datalist dialog embed
    fieldset form frame frameset head hgroup iframe image input isindex keygen label legend link listing map marquee math
    menu menuitem meta meter multicol nextid nobr noembed noframes noscript object optgroup option output param picture
    plaintext portal progress rb rp rt rtc ruby script search select shadow slot source spacer style svg template textarea
    title track video xml xmp xss
    animate animatemotion animatetransform circle clippath defs desc ellipse filter foreignobject g handler line
    lineargradient listener maction marker mask menclose merror metadata mfrac mglyph mi mmultiscripts mn mo mover mpadded
    mpath mphantom mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover
    path pattern polygon polyline radialgradient rect semantics set stop switch symbol text textpath tref tspan use view
  `),
);
