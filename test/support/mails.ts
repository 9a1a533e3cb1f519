import type { ServiceDesk } from "./service-desk";

/** Drafts on a case of their own, made past the tools; all of it belongs to their author. */
export interface Drafts {
  /** To the case's own customer and nobody else. */
  reply(): Promise<string>;
  /** To an address that belongs to nobody on the case. */
  toStranger(): Promise<string>;
  isSent(emailId: string): Promise<boolean>;
}

export function draftsAt(desk: ServiceDesk, author: string): Drafts {
  const made = async (set: string, body: Record<string, unknown>): Promise<string> => {
    const id = crypto.randomUUID();
    const ownerid = `/systemusers(${author})`;
    await desk.write("PATCH", `${set}(${id})`, { ...body, "ownerid@odata.bind": ownerid });
    return id;
  };
  async function draft(recipient: (contactId: string) => Record<string, unknown>) {
    const contactId = await made("contacts", {
      lastname: "Marlow",
      emailaddress1: "ada@marlow.example",
    });
    const incidentId = await made("incidents", {
      title: "The router drops",
      "customerid_contact@odata.bind": `/contacts(${contactId})`,
    });
    return made("emails", {
      subject: "Your router",
      description: "<p>Hello</p>",
      "regardingobjectid_incident_email@odata.bind": `/incidents(${incidentId})`,
      email_activity_parties: [
        { participationtypemask: 1, "partyid_systemuser@odata.bind": `/systemusers(${author})` },
        { participationtypemask: 2, ...recipient(contactId) },
      ],
    });
  }
  return {
    reply: () =>
      draft((contactId) => ({
        "partyid_contact@odata.bind": `/contacts(${contactId})`,
        addressused: "ada@marlow.example",
      })),
    toStranger: () => draft(() => ({ addressused: "everybody@strangers.example" })),
    async isSent(emailId) {
      return (await desk.read(`emails(${emailId})?$select=statecode`)).statecode === 1;
    },
  };
}
