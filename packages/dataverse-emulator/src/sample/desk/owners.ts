import type { Organization, User } from "../company/organization";
import type { Draw } from "../draw";
import { type Persona, personas } from "../identities";
import type { Owner } from "../plan";

export interface Assigned {
  readonly agent: User;
  readonly owner: Owner;
}

const assignedTo = (agent: User): Assigned => ({
  agent,
  owner: { id: agent.id, type: "systemuser", businessUnitId: agent.businessUnitId },
});

/** The teams that cases are given to; the others are those of the business units. */
const caseTeams = ({ teams }: Organization) => teams.slice(3);

/** Most belong to a person, some to a team. */
export function ownerOf(organization: Organization, draw: Draw): Assigned {
  const agent = draw.pick("agent", organization.representatives);
  const team = draw.chance("isTeam", 0.15) ? draw.pick("team", caseTeams(organization)) : undefined;
  return team === undefined ? assignedTo(agent) : { agent, owner: team };
}

/** The teams in turn. */
export function teamOwner(organization: Organization, draw: Draw, turn: number): Assigned {
  const { agent, owner } = ownerOf(organization, draw);
  const teams = caseTeams(organization);
  return { agent, owner: teams[turn % teams.length] ?? owner };
}

export function personaOwner(organization: Organization, whose: Persona["key"]): Assigned {
  const persona = personas.find(({ key }) => key === whose);
  const agent = organization.users.find(({ id }) => id === persona?.systemUserId);
  if (agent === undefined) throw new RangeError(`The organization has no ${whose}.`);
  return assignedTo(agent);
}

const withOwnList: ReadonlySet<string> = new Set(
  personas
    .filter(({ key }) => key === "representative" || key === "manager")
    .map(({ systemUserId }) => systemUserId),
);

/** Open cases that fell to one of the personas but are not of their lists: a colleague of the same unit has them. */
export function passedOn(organization: Organization, draw: Draw, assigned: Assigned): Assigned {
  if (!withOwnList.has(assigned.owner.id)) return assigned;
  const colleagues = organization.representatives.filter(
    ({ id, businessUnitId }) =>
      !withOwnList.has(id) && businessUnitId === assigned.agent.businessUnitId,
  );
  return assignedTo(draw.pick("colleague", colleagues));
}
