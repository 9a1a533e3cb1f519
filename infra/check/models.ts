/** A model that may stand in main.bicep, and the day before which Azure does not take it away. */
export interface Model {
  readonly name: string;
  readonly version: string;
  /** yyyy-MM-dd. Azure ends models region by region, from this day on. */
  readonly retires: string;
  readonly replacement: string;
}

/**
 * The first is the default of main.bicep.
 *
 * @see https://learn.microsoft.com/azure/foundry/openai/concepts/model-retirements looked up on 2026-11-30
 */
export const models: readonly Model[] = [
  {
    name: "gpt-5.4-mini",
    version: "2026-03-17",
    retires: "2027-09-21",
    replacement: "the small model of the next family; see the page",
  },
];

/** Days before its end from which the check speaks. */
const warnedDays = 90;
const day = 86_400_000;

/**
 * Models of main.bicep that end soon or have ended.
 *
 * @param today yyyy-MM-dd, given by whoever asks: tests never read the calendar
 * @returns words for each, empty when there is time
 */
export function endingModels(today: string, chosen: readonly Model[] = models): string[] {
  return chosen.flatMap(({ name, version, retires, replacement }) => {
    const left = Math.floor((Date.parse(retires) - Date.parse(today)) / day);
    if (left > warnedDays) return [];
    const end = left < 0 ? `ended on ${retires}` : `ends on ${retires}, in ${left} days`;
    return [
      `The model ${name} ${version} ${end}: choose another (${replacement}), set openAiModel and openAiModelVersion in infra/main.bicep and infra/main.parameters.json, and its end in infra/check/models.ts.`,
    ];
  });
}
