import type { Frame } from "./frame";

export const french: Frame = {
  greeting: {
    first: (name) => `Bonjour ${name},`,
    full: (name) => `Bonjour ${name},`,
    none: "Bonjour,",
  },
  goesOn: false,
  thanks: {
    answer: "Merci de votre réponse.",
    call: "Merci de votre appel.",
    chat: "Merci de nous avoir contactés par chat.",
    mail: "Merci de votre message.",
    post: "Merci de votre publication.",
  },
  regret: {
    again: "Nous sommes désolés que vous ayez dû nous contacter plusieurs fois à ce sujet.",
    anger: "Nous sommes désolés de ce désagrément et comprenons votre déception.",
    promise:
      "Nous vous prions de nous excuser de ne pas avoir tenu parole et de ne pas être revenus vers vous comme convenu.",
    trouble: "Nous sommes désolés de ce désagrément.",
    wait: "Nous sommes désolés de vous avoir fait attendre si longtemps.",
  },
  notHelped: "Nous sommes désolés que notre dernière proposition n'ait pas suffi.",
  danger: {
    serious: "Votre sécurité passe avant tout.",
    stop: "Cessez immédiatement d'utiliser l'appareil, tenez-vous à distance et ne le débranchez que si vous pouvez le faire sans danger.",
    hurt: "Y a-t-il des blessés ? Dans ce cas, appelez d'abord les secours.",
    injured:
      "Nous sommes sincèrement désolés que quelqu'un ait été blessé. Si ce n'est pas déjà fait, consultez d'abord un médecin.",
    call: "Un de nos collègues vous appellera aujourd'hui.",
  },
  decides:
    "Nous prenons cela au sérieux : un collègue habilité à décider vous contactera personnellement.",
  handOn: "Nous transmettons votre message au service compétent, qui vous répondra.",
  stopped: "Nous comprenons que le travail est à l'arrêt chez vous.",
  refund: "Nous examinons votre demande de remboursement et vous en communiquerons le résultat.",
  callBack: "Nous vous rappellerons, comme vous l'avez demandé.",
  steps: "Voici ce que nous vous proposons d'essayer :",
  more: (address) => `Vous trouverez les instructions complètes ici : ${address}`,
  elsewhere: (language) =>
    `Nous avons trouvé des instructions à ce sujet, qui n'existent pour l'instant qu'en ${language}. Nous vous enverrons les étapes en français séparément.`,
  askOne: "Pour pouvoir vous aider, il nous manque encore un élément :",
  askMany: "Pour pouvoir vous aider, il nous faut encore quelques précisions :",
  askIfNot: "Si cela ne suffit pas, merci de nous répondre aussi sur ce point :",
  asked: {
    anything: "Que se passe-t-il exactement, et depuis quand ?",
    customer: "Quel est votre numéro de client ?",
    error: "Quel message d'erreur voyez-vous, mot pour mot ?",
    invoice: "Quel est le numéro de la facture ?",
    model: "De quel modèle s'agit-il ?",
    order: "Quel est le numéro de votre commande ?",
    photo: "Merci de nous en envoyer une photo.",
    serial: "Quel est le numéro de série de l'appareil ?",
    since: "Depuis quand cela se produit-il ?",
    version: "Quelle version est installée ?",
  },
  open: (question) =>
    `Vous demandez : « ${question} » Nous vérifions ce point et vous enverrons une réponse.`,
  openMany: "Vous demandez :",
  openManyEnd: "Nous vérifions ces points et vous enverrons une réponse.",
  openUnquoted: "Nous examinons vos questions et vous enverrons une réponse.",
  unable: "Nous examinons votre demande et revenons vers vous.",
  afterSolution: "Merci de nous dire si cela vous a aidé.",
  afterQuestions: "Il vous suffit de répondre à ce message.",
  glad: "Nous vous aidons avec plaisir.",
  close: {
    formal: "Veuillez agréer nos salutations distinguées",
    friendly: "Bien à vous",
    usual: "Cordialement",
  },
  languages: {
    de: "allemand",
    en: "anglais",
    es: "espagnol",
    fr: "français",
    it: "italien",
    ja: "japonais",
    nl: "néerlandais",
    pl: "polonais",
    pt: "portugais",
  },
};
