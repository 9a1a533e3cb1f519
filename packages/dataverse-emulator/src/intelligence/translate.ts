/** Words of a service desk, by language. Whatever is not among them stays as it is. */
const glossary: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  de: pairs(
    "hello=hallo thank=danke thanks=danke you=Sie please=bitte and=und or=oder not=nicht the=das is=ist are=sind was=war my=mein your=Ihr our=unser we=wir i=ich it=es case=Fall customer=Kunde order=Bestellung invoice=Rechnung problem=Problem question=Frage router=Router device=Gerät broken=defekt works=funktioniert resolved=gelöst today=heute tomorrow=morgen night=Nacht every=jede with=mit for=für in=in on=auf to=zu",
  ),
  fr: pairs(
    "hello=bonjour thank=merci thanks=merci you=vous please=veuillez and=et or=ou not=pas the=le is=est are=sont was=était my=mon your=votre our=notre we=nous i=je it=il case=dossier customer=client order=commande invoice=facture problem=problème question=question router=routeur device=appareil broken=cassé works=fonctionne resolved=résolu today=aujourd'hui tomorrow=demain night=nuit every=chaque with=avec for=pour in=dans on=sur to=à",
  ),
  es: pairs(
    "hello=hola thank=gracias thanks=gracias you=usted please=por_favor and=y or=o not=no the=el is=es are=son was=fue my=mi your=su our=nuestro we=nosotros i=yo it=ello case=caso customer=cliente order=pedido invoice=factura problem=problema question=pregunta router=router device=dispositivo broken=roto works=funciona resolved=resuelto today=hoy tomorrow=mañana night=noche every=cada with=con for=para in=en on=en to=a",
  ),
};

function pairs(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(" ").map((pair) => {
      const [from = "", to = ""] = pair.split("=");
      return [from, to.replaceAll("_", " ")];
    }),
  );
}

/** Word by word, with the language in front: nobody shall take it for a translator's work. */
export function translated(text: string, language: string): string {
  const code = language.toLowerCase().split(/[-_]/)[0] ?? "";
  const words = Object.hasOwn(glossary, code) ? glossary[code] : undefined;
  const body =
    words === undefined
      ? text
      : text.replace(/\p{L}+/gu, (word) => {
          const found = Object.hasOwn(words, word.toLowerCase())
            ? words[word.toLowerCase()]
            : undefined;
          if (found === undefined) return word;
          const isCapital = word !== "I" && /^\p{Lu}/u.test(word);
          return isCapital ? found.charAt(0).toUpperCase() + found.slice(1) : found;
        });
  return `[${code}] ${body}`;
}
