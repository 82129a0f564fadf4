/** Who asked for something, where, and what makes a second delivery the same. */
export type Sender = Readonly<{ key: string; pullRequest: number; sender: string }>

/** What came of it: a text for the person who asked, or nothing to say. */
export type Answer = Readonly<{ text: string; code: string | null } | null>
