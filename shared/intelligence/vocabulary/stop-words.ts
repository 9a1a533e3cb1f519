/** Words that say nothing about what a question is about, by BCP 47 primary tag; the ranker knows those of English. */
export const stopWordsOf: Readonly<Record<string, ReadonlySet<string>>> = Object.fromEntries(
  Object.entries({
    de: `der die das den dem des ein eine einen einem einer eines und oder aber ich du er sie es wir ihr mich mir uns euch ihn ihm ihnen mein meine
      meinen meinem meiner unser unsere unseren dein ihre ihren ist sind war waren sein bin hat haben habe hatte hatten wird werden wurde kann
      können könnte soll sollte muss müssen darf dürfen will wollen möchte man nicht kein keine keinen auch noch nur schon sehr so dann doch
      mal ja nein bitte danke hallo guten tag wie was wer wo wann warum welche welcher welches wenn weil dass als ob zu zum zur in im an am auf
      aus bei von vom vor nach mit für durch über unter um bis seit gegen ohne hier da dort jetzt immer wieder alle alles`,
    fr: `le la les l un une des du de d et ou mais je tu il elle on nous vous ils elles me m te se s mon ma mes notre nos votre vos son sa ses leur
      ce cet cette ces c est sont était être été ai as a avons avez ont avait peut peux pouvez dois doit faut ne n pas plus aussi très bien si
      alors donc bonjour merci comment quoi que qu qui quel quelle quand où pourquoi en y au aux dans sur sous chez par pour avec sans depuis
      ici là tout tous toute`,
    es: `el la los las lo un una unos unas y o pero yo tú él ella nosotros usted ustedes me te se le les nos mi mis su sus nuestro nuestra este esta
      estos estas eso es son era ser fue está están estoy ha han he hay tiene tengo puede puedo pueden debe no ni también muy más ya si sí hola
      gracias buenos días cómo qué quién cuál cuándo dónde por que porque de del a al en con sin para desde hasta sobre aquí ahí todo todos`,
    it: `il lo la i gli le l un uno una e o ma io tu lui lei noi voi loro mi ti si ci vi mio mia miei nostro nostra suo sua questo questa questi
      quello è sono era essere stato ho hai ha abbiamo avete hanno aveva posso può possono devo deve non né anche molto più già se sì ciao salve
      buongiorno grazie come cosa chi quale quando dove perché che di del della dei delle a al alla ai in nel nella con su sul per da dal dalla
      tra fra qui lì tutto tutti`,
    nl: `de het een en of maar ik jij je hij zij ze wij we jullie u mij me hem haar ons hun mijn uw onze dit dat deze die is zijn was waren ben heb
      hebt heeft hebben had kan kunnen moet moeten mag wil willen zal zou wordt worden niet geen ook nog al zeer zo dan toch ja nee hallo dank
      bedankt alstublieft hoe wat wie welke waar wanneer waarom als dat omdat te in op aan uit bij van voor na met door over onder om tot sinds
      zonder hier daar nu weer alle alles er`,
    pt: `o a os as um uma uns umas e ou mas eu tu ele ela nós você vocês eles me te se lhe nos meu minha seu sua nosso nossa este esta esse essa isto
      isso é são era ser foi está estão estou tem têm tenho há pode posso podem deve não nem também muito mais já se sim olá obrigado obrigada
      como que quem qual quando onde porque por de do da dos das a ao à aos às em no na nos nas com sem para desde até sobre aqui ali todo todos`,
    pl: `i lub albo ale a ja ty on ona my wy oni mnie mi cię się go jej nam nas wam mój moja moje nasz nasza nasze ten ta to te tego tej jest są był
      była było być mam ma mamy mają może można mogę muszę trzeba nie też także bardzo już jeszcze tylko jak co kto który która które kiedy gdzie
      dlaczego czy że bo w we na do z ze od po przed pod nad przez dla bez o u przy tu tam tak dzień dobry dziękuję proszę wszystko`,
  }).map(([tag, words]) => [tag, new Set(words.split(/\s+/))]),
);

/** Words of any language that bring a question about without saying what it is about. */
const weak = new Set(
  `a after an the and any are as at before be been but by can could did do does doing for from get give going had has have how i if in into is it its like make
  may me might must my need no not of on one or our out please possible shall should so some take tell than that their them then there these they
  this to use using want was we were what when where which while who why will with would you your
  gibt geben benutzen verwenden brauche brauchen eigentlich peut-on peut puis-je pouvez-vous avez-vous est-ce utiliser usar utilizar
  tienen hacen hace usare utilizzare fare fate avete gebruiken maken usar fazer używać użyć mogą macie`.split(
    /\s+/,
  ),
);

export const isWeak = (word: string): boolean =>
  weak.has(word) || Object.values(stopWordsOf).some((words) => words.has(word));
