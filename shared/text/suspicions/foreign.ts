/** A kind of order to a machine, and the words it is told by. */
export type Sign = readonly [name: string, pattern: RegExp];

const ignore = "asks to ignore instructions";
const before = "asks to forget what came before";
const role = "gives the machine a role";
const speaks = "speaks to the machine";
const prompt = "asks for the prompt";
const result = "dictates the result";

/** What a machine is called in the languages below. */
const machine = String.raw`(?:ki|ai|ia|sztuczna inteligencja|chatbot|bot|llm|gpt|copilot|assistent(?:en|in)?|assistant|asistente|assistente|asystent\p{L}{0,3}|sprachmodell|modèle de langage|modelo de lenguaje|modello linguistico|modelo de linguagem|taalmodel|model językowy|administrat?or\p{L}{0,3}|administrador|administrateur|amministratore|beheerder|system|système|sistema|systeem)`;

/**
 * Orders to a machine in German, French, Spanish, Italian, Portuguese, Dutch, Polish, Japanese and Chinese. As in English
 * both halves are asked for, the imperative and what belongs to the machine. `\b` knows ASCII letters only, so words end
 * by what no letter follows.
 */
export const foreignSigns: readonly Sign[] = [
  // German
  [
    ignore,
    /(?<!\p{L})(?:ignorier(?:e|en|t)?|vergiss|vergesst|vergessen sie|missachte(?:n sie)?|übergehe(?:n sie)?|befolge nicht|überschreibe)(?!\p{L})[^.\n]{0,50}(?<!\p{L})(?:anweisungen|instruktionen|vorgaben|regeln|systemprompt|eingabeaufforderung)(?!\p{L})/iu,
  ],
  [
    role,
    new RegExp(
      String.raw`(?<!\p{L})(?:du bist (?:jetzt|nun|ab sofort|von nun an)|ab (?:jetzt|sofort) bist du|sie sind (?:jetzt|ab sofort)|verhalte dich (?:wie|als)|tu so,? als (?:wärst|seist) du)(?!\p{L})[^.\n]{0,50}(?<!\p{L})${machine}(?!\p{L})`,
      "iu",
    ),
  ],
  [
    prompt,
    /(?<!\p{L})(?:zeig(?:e|en sie)?|verrat(?:e|en sie)?|gib|geben sie|nenn(?:e|en sie)?|wiederhol(?:e|en sie)?)(?!\p{L})[^.\n]{0,50}(?<!\p{L})(?:system-?prompt|deine (?:\p{L}{1,20} )?anweisungen|ihre systemanweisungen)(?!\p{L})/iu,
  ],
  [
    result,
    /(?<!\p{L})(?:klassifizier(?:e|en sie)?|kategorisier(?:e|en sie)?|stuf(?:e|en sie)|ordne|setze|markier(?:e|en sie)?)(?!\p{L})[^.\n]{0,60}(?<!\p{L})(?:diese[nrs]? (?:fall|ticket|anfrage|nachricht|mail)|die (?:priorität|kategorie))(?!\p{L})[^.\n]{0,60}(?<!\p{L})(?:unabhängig|egal|ausschließlich|immer|ohne rücksicht)(?!\p{L})/iu,
  ],
  // French
  [
    ignore,
    /(?<!\p{L})(?:ignore[rz]?|oublie[rz]?|ne (?:tiens|tenez) (?:pas|aucun) compte|fais abstraction|faites abstraction|contourne[rz]?|ne (?:suis|suivez) pas)(?!\p{L})[^.\n]{0,50}(?<!\p{L})(?:instructions|consignes|directives|règles)(?!\p{L})(?![^.\n]{0,30}(?:montage|notice|manuel))/iu,
  ],
  [
    role,
    new RegExp(
      String.raw`(?<!\p{L})(?:tu es (?:maintenant|désormais)|vous êtes (?:maintenant|désormais)|à partir de maintenant,? (?:tu es|vous êtes)|agis comme|agissez comme|fais comme si tu étais|comporte-toi comme)(?!\p{L})[^.\n]{0,50}(?<!\p{L})${machine}(?!\p{L})`,
      "iu",
    ),
  ],
  [
    prompt,
    /(?<!\p{L})(?:révèle[rz]?|affiche[rz]?|montre[rz]?|répète[rz]?|donne[rz]?)(?!\p{L})[^.\n]{0,50}(?<!\p{L})(?:prompt système|invite système|tes instructions|vos instructions (?:initiales|système|secrètes))(?!\p{L})/iu,
  ],
  [
    result,
    /(?<!\p{L})(?:class(?:e|ez|er)|catégorise[rz]?|marque[rz]?|attribue[rz]?|mets|mettez)(?!\p{L})[^.\n]{0,60}(?<!\p{L})(?:ce (?:ticket|cas|message)|cette (?:demande|requête)|la (?:priorité|catégorie))(?!\p{L})[^.\n]{0,60}(?<!\p{L})(?:quoi qu'il|peu importe|uniquement|toujours|sans tenir compte)(?!\p{L})/iu,
  ],
  // Spanish
  [
    ignore,
    /(?<!\p{L})(?:ignor[ae]n?|olvid[ae]n?|descart[ae]n?|omit[ae]n?|no (?:sigas|siga|hagas caso))(?!\p{L})[^.\n]{0,50}(?<!\p{L})(?:instrucciones|indicaciones|órdenes|directrices|reglas)(?!\p{L})/iu,
  ],
  [
    role,
    new RegExp(
      String.raw`(?<!\p{L})(?:ahora eres|a partir de ahora,? (?:eres|serás)|actúa como|compórtate como|finge (?:ser|que eres))(?!\p{L})[^.\n]{0,50}(?<!\p{L})${machine}(?!\p{L})`,
      "iu",
    ),
  ],
  [
    prompt,
    /(?<!\p{L})(?:revela|muestra|muéstrame|repite|dime|imprime)(?!\p{L})[^.\n]{0,50}(?<!\p{L})(?:prompt del sistema|indicaciones del sistema|tus instrucciones)(?!\p{L})/iu,
  ],
  // Italian
  [
    ignore,
    /(?<!\p{L})(?:ignora(?:te|re)?|dimentica(?:te|re)?|trascura(?:te)?|non seguire|non tenere conto)(?!\p{L})[^.\n]{0,50}(?<!\p{L})(?:istruzioni|indicazioni|direttive|regole|ordini)(?!\p{L})/iu,
  ],
  [
    role,
    new RegExp(
      String.raw`(?<!\p{L})(?:ora sei|adesso sei|d'ora in poi,? sei|da ora in poi,? sei|agisci come|comportati come|fingi di essere)(?!\p{L})[^.\n]{0,50}(?<!\p{L})${machine}(?!\p{L})`,
      "iu",
    ),
  ],
  [
    prompt,
    /(?<!\p{L})(?:rivela|mostra|mostrami|ripeti|stampa)(?!\p{L})[^.\n]{0,50}(?<!\p{L})(?:prompt di sistema|le tue istruzioni)(?!\p{L})/iu,
  ],
  // Portuguese
  [
    ignore,
    /(?<!\p{L})(?:ignor[ae]m?|esque[çc]a|desconsidere|descarte|não siga)(?!\p{L})[^.\n]{0,50}(?<!\p{L})(?:instruções|indicações|ordens|diretrizes|regras|comandos)(?!\p{L})/iu,
  ],
  [
    role,
    new RegExp(
      String.raw`(?<!\p{L})(?:agora (?:você é|és)|a partir de agora,? (?:você é|és)|aja como|comporte-se como|finja ser)(?!\p{L})[^.\n]{0,50}(?<!\p{L})${machine}(?!\p{L})`,
      "iu",
    ),
  ],
  [
    prompt,
    /(?<!\p{L})(?:revele|mostre|repita|imprima)(?!\p{L})[^.\n]{0,50}(?<!\p{L})(?:prompt do sistema|(?:as )?suas instruções)(?!\p{L})/iu,
  ],
  // Dutch
  [
    ignore,
    /(?<!\p{L})(?:negeer|vergeet|sla over|volg niet|omzeil)(?!\p{L})[^.\n]{0,50}(?<!\p{L})(?:instructies|aanwijzingen|opdrachten|richtlijnen|regels)(?!\p{L})/iu,
  ],
  [
    role,
    new RegExp(
      String.raw`(?<!\p{L})(?:je bent (?:nu|vanaf nu)|vanaf nu ben je|u bent vanaf nu|gedraag je als|doe alsof je)(?!\p{L})[^.\n]{0,50}(?<!\p{L})${machine}(?!\p{L})`,
      "iu",
    ),
  ],
  [
    prompt,
    /(?<!\p{L})(?:toon|geef|onthul|herhaal|laat)(?!\p{L})[^.\n]{0,50}(?<!\p{L})(?:systeemprompt|je instructies|uw systeeminstructies)(?!\p{L})/iu,
  ],
  // Polish
  [
    ignore,
    /(?<!\p{L})(?:z?ignoruj(?:cie)?|zapomnij(?:cie)?|pomiń(?:cie)?|nie stosuj się do|odrzuć)(?!\p{L})[^.\n]{0,50}(?<!\p{L})(?:instrukcj\p{L}{1,3}|polece(?:nia|ń|niach)|wytyczn\p{L}{1,3}|zasad(?:y|ach)?|reguł(?:y)?)(?!\p{L})/iu,
  ],
  [
    role,
    new RegExp(
      String.raw`(?<!\p{L})(?:jesteś teraz|teraz jesteś|od teraz jesteś|działaj jako|zachowuj się jak|udawaj,? że jesteś)(?!\p{L})[^.\n]{0,50}(?<!\p{L})${machine}(?!\p{L})`,
      "iu",
    ),
  ],
  [
    prompt,
    /(?<!\p{L})(?:pokaż|ujawnij|powtórz|wypisz)(?!\p{L})[^.\n]{0,50}(?<!\p{L})(?:prompt systemowy|swoje instrukcje)(?!\p{L})/iu,
  ],
  [
    speaks,
    new RegExp(
      String.raw`(?<!\p{L})(?:an (?:die|den|das|alle)|hinweis (?:an|für)|nachricht (?:an|für)|note (?:pour|à|aux)|message (?:pour|à)|à l'attention de|nota para|mensaje para|aviso (?:para|a)|nota per|messaggio per|mensagem para|bericht (?:voor|aan)|wiadomość do|uwaga dla)(?: (?:die|den|das|alle|l'|la|le|les|el|il|o|a|de|het))?\s?${machine}(?!\p{L})[^.\n]{0,40}[:,!]`,
      "iu",
    ),
  ],
  [
    before,
    /(?<!\p{L})(?:vergiss|vergesst|vergessen sie|ignorier(?:e|en sie|t)?|oublie[rz]?|ignore[rz]?|olvid[ae]|ignor[ae]|dimentica(?:te)?|esque[çc]a|vergeet|negeer|zapomnij(?:cie)?|z?ignoruj(?:cie)?)(?!\p{L})\s(?:alles|tout|todo|tutto|tudo|wszystk\p{L}{1,2}|o wszystkim)(?!\p{L})[^.\n]{0,30}(?<!\p{L})(?:vorher|zuvor|bisher|davor|oben|précède|précédemment|avant|ci-dessus|anterior(?:mente)?|antes|arriba|precede(?:nte)?|prima|sopra|acima|eerder|hiervoor|hierboven|wcześniej|powyżej|do tej pory)(?!\p{L})/iu,
  ],
  // Japanese and Chinese write no blanks between words, and put the verb last or first.
  [
    ignore,
    /(?:これまで|今まで|以前|上記|前述|前の|すべて|全て|あらゆる|システム|与えられた)[^。\n]{0,12}(?:指示|命令|プロンプト|ルール|指令)[^。\n]{0,20}(?:無視|忘れ|破棄|従わな)/u,
  ],
  [
    ignore,
    /(?:忽略|无视|無視|忘记|忘記|忘掉|不要理会|不要遵守|绕过)[^。\n]{0,8}(?:之前|以前|此前|先前|以上|上述|上面|前面|所有|全部|任何|一切|系统|系統|你的)[^。\n]{0,12}(?:指令|指示|提示词|提示詞|提示|命令|规则|規則|系统设定)/u,
  ],
  [
    role,
    /(?:あなたは(?:今から|これから|今後)|お前は今から|これからあなたは)[^。\n]{0,30}(?:AI|ＡＩ|アシスタント|管理者|システム|モデル|ボット|です|として)/iu,
  ],
  [
    role,
    /(?:你现在是|你現在是|从现在(?:起|开始),?，?你(?:是|将)|從現在(?:起|開始),?，?你是|请?扮演|假装你是)[^。\n]{0,30}(?:AI|助手|助理|管理员|管理員|系统|系統|模型|机器人|没有限制|不受限制)/iu,
  ],
  [
    prompt,
    /(?:システムプロンプト|初期プロンプト|あなたへの指示)[^。\n]{0,20}(?:表示|教え|出力|見せ|公開)/u,
  ],
  [
    prompt,
    /(?:显示|顯示|输出|輸出|告诉我|告訴我|泄露|透露|重复)[^。\n]{0,20}(?:系统提示|系統提示|提示词|提示詞|你的指令|初始指令)/u,
  ],
  [
    speaks,
    /(?:AI|ＡＩ)(?:アシスタント|エージェント|モデル)?(?:への(?:指示|命令|注意|連絡)|へ[：:]|に告ぐ)/iu,
  ],
  [
    speaks,
    /(?:致|给|給)(?:AI|人工智能|人工智慧)[^。\n]{0,6}[：:]|(?:(?<!\p{L})AI|人工智能|人工智慧)(?:助手|助理|模型|代理)[：:]/iu,
  ],
  [
    result,
    /(?:この(?:案件|チケット|メール|問い合わせ)|優先度)[^。\n]{0,30}(?:に関わらず|にかかわらず|必ず|常に|のみ)[^。\n]{0,30}(?:分類|設定|回答|出力)/u,
  ],
  [
    result,
    /(?:将|把|將)?(?:此|这个|该|這個)(?:工单|案例|邮件|请求|工單|郵件)[^。\n]{0,20}(?:无论|不管|始终|必须|只能|無論|必須)[^。\n]{0,20}(?:分类|归类|标记|设置|优先级|分類)/u,
  ],
];
