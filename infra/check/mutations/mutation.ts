/** A mistake as a person makes it: in `file`, `from` becomes `to`. Each must be caught without the golden files. */
export interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Scenario that shows it. */
  readonly scenario: string;
}

export const mutation = (
  name: string,
  file: string,
  from: string,
  to: string,
  scenario = "default",
) => ({
  name,
  file,
  from,
  to,
  scenario,
});
