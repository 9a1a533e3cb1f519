/** A display text as metadata writes it. Language 1033 (English) is installed everywhere. */
export const label = (text: string) => ({
  "@odata.type": "Microsoft.Dynamics.CRM.Label",
  LocalizedLabels: [
    {
      "@odata.type": "Microsoft.Dynamics.CRM.LocalizedLabel",
      Label: text,
      LanguageCode: 1033,
    },
  ],
});
