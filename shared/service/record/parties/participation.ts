/**
 * ParticipationTypeMask by the party column it fills.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/activityparty-entity
 */
export const participationMasks: Readonly<Record<string, number>> = {
  from: 1,
  to: 2,
  cc: 3,
  bcc: 4,
  requiredattendees: 5,
  optionalattendees: 6,
  organizer: 7,
  resources: 10,
  customers: 11,
};

/** Party columns that hold one party, by what an activity's own column is called. */
export const singleParties: Readonly<Record<string, string>> = {
  from: "sender",
  organizer: "organizer",
};
