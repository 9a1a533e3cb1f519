import type { ErrorKind } from "../errors";

export type Words = readonly [kind: ErrorKind, message: string, hint: string];

/**
 * Our words for Dataverse's codes. The service's own text may quote a record, so it is not shown where we have words.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes
 */
export const byCode: Readonly<Record<string, Words>> = {
  "0x80040217": [
    "not_found",
    "There is no such record, or you may not see it.",
    "Look it up again with read_query.",
  ],
  "0x80040220": [
    "forbidden",
    "Your security roles do not allow this on that table.",
    "Ask an administrator for the missing privilege.",
  ],
  "0x80048306": [
    "forbidden",
    "You may not do that to that record.",
    "It belongs to somebody else; ask its owner or an administrator.",
  ],
  "0x80072560": [
    "forbidden",
    "You are not a user of this Dataverse environment.",
    "An administrator has to add you (or the endpoint's application user) to the environment.",
  ],
  "0x80042f09": [
    "forbidden",
    "No security role is assigned to you in this environment.",
    "Ask an administrator for a role.",
  ],
  "0x80040225": [
    "forbidden",
    "A user is disabled in this environment or has no business unit: you, or the one that the request names.",
    "If you can read records, it is the one that was named (as owner, sender, recipient): choose another. Else ask an administrator to enable your user.",
  ],
  "0x8004a110": [
    "forbidden",
    "The endpoint's identity may not act for other users.",
    "An administrator has to give its application user the role Delegate.",
  ],
  "0x80060882": [
    "conflict",
    "The record was changed since it was read.",
    "Read it again, look at what changed, and repeat the change.",
  ],
  "0x80040237": [
    "conflict",
    "A record with this id exists already.",
    "Read it; the first try may have worked.",
  ],
  "0x80040333": [
    "conflict",
    "Duplicate detection found a record like this one.",
    "Look for the existing record with read_query.",
  ],
  "0x80060892": [
    "conflict",
    "Another record has the same value in a column that must be unique.",
    "Look for it with read_query, or use another value.",
  ],
  "0x80040227": [
    "conflict",
    "Other records depend on this one, so it cannot be deleted.",
    "Delete or move those first.",
  ],
  "0x80048d19": [
    "invalid",
    "Dataverse did not understand a column or a lookup of the record.",
    "Check the names with describe_table.",
  ],
  "0x80043e09": [
    "invalid",
    "This environment takes no files with that ending, or none of that size.",
    "Send it in another form, such as .pdf or .zip. read_query shows what is blocked: SELECT blockedattachments, maxuploadfilesize FROM organization.",
  ],
  "0x80072521": [
    "invalid",
    "This environment takes files of some types alone, and that is none of them.",
    "Send it in another form. read_query shows the types: SELECT allowedmimetypes FROM organization.",
  ],
  "0x80072522": [
    "invalid",
    "This environment takes no files of that type.",
    "Send it in another form, such as .pdf or .zip. read_query shows the types: SELECT blockedmimetypes FROM organization.",
  ],
  "0x80044331": [
    "invalid",
    "A text is longer than its column allows.",
    "describe_table shows the lengths.",
  ],
  "0x8004432f": [
    "invalid",
    "A number is outside the range of its column.",
    "describe_table shows the ranges.",
  ],
  "0x80044330": [
    "invalid",
    "A number is outside the range of its column.",
    "describe_table shows the ranges.",
  ],
  "0x8004431a": [
    "invalid",
    "A value is not among the options of its choice column.",
    "describe_table lists the options.",
  ],
  "0x80048408": [
    "invalid",
    "This status reason does not belong to the state of the record.",
    "describe_table lists the status reasons of each state.",
  ],
  "0x80044410": [
    "invalid",
    "A case needs a customer.",
    "Set customerid to an account or a contact.",
  ],
  "0x80044411": [
    "conflict",
    "The case is already resolved or cancelled.",
    "Read it; reopen it first if it has to change.",
  ],
  "0x8004022b": [
    "invalid",
    "The user or team that is to own the record is disabled.",
    "Choose another owner: SELECT systemuserid, fullname FROM systemuser WHERE isdisabled = 0.",
  ],
  "0x80040299": [
    "invalid",
    "The user or team that is to own the record may not read such records.",
    "Choose another owner, or ask an administrator to give that one a role.",
  ],
  "0x8003f450": [
    "conflict",
    "The cases to be merged belong to different parent cases.",
    "Take one of them out of its parent (parentcaseid: null), then merge.",
  ],
  "0x8003f453": [
    "invalid",
    "A case that is a child of another cannot have children itself.",
    "Write the topmost case into parentcaseid.",
  ],
  "0x8004051b": [
    "conflict",
    "The record is in that queue already.",
    "Nothing has to be done; read queueitem to see it.",
  ],
  "0x8004051d": [
    "conflict",
    "The queue item is no longer active, so it cannot be changed.",
    "Put the record into the queue again: create_record on queueitem with queueid and objectid.",
  ],
  "0x8004051e": [
    "invalid",
    "The record that is to be queued is closed, and only open ones can be.",
    "Reopen it first, if the user wants that.",
  ],
  "0x80040521": [
    "invalid",
    "The queue is inactive.",
    "Choose another: SELECT queueid, name FROM queue WHERE statecode = 0.",
  ],
  "0x80040523": [
    "conflict",
    "The mail is in that queue already.",
    "Nothing has to be done; read queueitem to see it.",
  ],
  "0x80040526": [
    "conflict",
    "The record is in a queue already, and it can be in one only.",
    "create_record on queueitem with queueid and objectid moves it.",
  ],
  "0x80040b00": [
    "invalid",
    "A recipient has no e-mail address, or does not want e-mail.",
    "Read emailaddress1 and donotemail of the recipients; create a new draft with an address, or without that recipient.",
  ],
  "0x80040b01": [
    "invalid",
    "The mail has more than one sender.",
    "Create a new draft with one user or queue in from.",
  ],
  "0x80040b02": [
    "invalid",
    "The mail has no sender with an e-mail address.",
    "Create a new draft with a user or queue in from that has an address.",
  ],
  "0x80040b04": ["invalid", "The mail has no recipient.", "Create a new draft with to, cc or bcc."],
  "0x80040b08": [
    "invalid",
    "The sender of the mail has no e-mail address.",
    "Create a new draft with a user or queue in from that has an address.",
  ],
  "0x8004480d": [
    "forbidden",
    "You may not send mail as that sender.",
    "Send as yourself, or let that user allow others to send as them.",
  ],
  "0x8004480f": [
    "forbidden",
    "You may not send mail as that queue.",
    "Send as yourself, or ask an administrator for that right.",
  ],
  "0x8004440a": ["conflict", "The case has open activities.", "Complete or cancel them first."],
  "0x8004440e": ["conflict", "The case has open activities.", "Complete or cancel them first."],
  "0x8004f032": [
    "forbidden",
    "This table or column belongs to the system and cannot be deleted.",
    "Only custom ones can.",
  ],
};

export const byStatus: Readonly<Record<number, Words>> = {
  400: [
    "invalid",
    "Dataverse refused the request.",
    "Where it is about a column or a value, describe_table shows what fits.",
  ],
  401: [
    "upstream",
    "Dataverse did not accept the endpoint's token, nor a new one.",
    "This is about the endpoint's own sign-in, not about you: an administrator has to check the application user and DATAVERSE_URL.",
  ],
  403: [
    "forbidden",
    "Dataverse refused this to you.",
    "It does not say why in a way that is known here; an administrator can look up the code.",
  ],
  404: [
    "not_found",
    "There is no such record or table, or you may not see it.",
    "Look it up with read_query or list_tables.",
  ],
  405: [
    "conflict",
    "Dataverse does not allow this on that record.",
    "Other records may depend on it.",
  ],
  412: [
    "conflict",
    "The record was changed since it was read, or exists already.",
    "Read it again.",
  ],
  413: ["invalid", "The request is too large for Dataverse.", "Send less at a time."],
  414: ["invalid", "The request is too large for Dataverse.", "Ask for less at a time."],
  429: [
    "throttled",
    "Dataverse is limiting the requests just now, and did not carry out this one.",
    "Wait, then repeat the call.",
  ],
  431: ["invalid", "The request is too large for Dataverse.", "Ask for less at a time."],
};

/** A plug-in, a workflow or a custom API of the organisation said no. What it says is shown behind this, as data. */
export const ownRule: Words = [
  "invalid",
  "A rule of your organisation (a plug-in or workflow in Dataverse) refused this; nothing of it was written.",
  "Tell the user the reason. Change what it asks for and call again, or ask who runs this environment.",
];

export const ruleTimedOut: Words = [
  "upstream",
  "A rule of your organisation (a plug-in or workflow in Dataverse) did not end in time, so Dataverse gave the change up.",
  "Try again once; then tell who runs this environment.",
];
