import { verbs, type VerbRow } from './verbs.ts'

/** The text above the list of commands, and the list. */
export const helpText =
  'A command is a line of its own in a new comment, a new review or the description of a new pull request; an edited one is not obeyed. Commands:'

const whoMay = ({ needs }: VerbRow): string =>
  needs === null
    ? 'whoever may write to this repository'
    : `whom \`permissions.${needs}\` in sower.yaml names`

/** One line for each verb: how it is written, what it does, who may and an example. */
export const helpList: readonly string[] = Object.values(verbs).map(
  row => `\`${row.usage}\` ${row.does}. For ${whoMay(row)}. Example: \`${row.example}\``,
)
