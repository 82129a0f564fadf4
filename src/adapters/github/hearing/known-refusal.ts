/** A refusal of GitHub in our words; `about` names what a caller may do otherwise. */
export type KnownRefusal = Readonly<{
  reason: string
  fix: string
  about?: 'merge queue' | 'merge method'
}>

type Row = Readonly<{ statuses: readonly number[]; says: RegExp }> & KnownRefusal

const merging = [405, 409]
const byItself = 'nothing, if that passes; Sower tries again by itself'

/** Words of GitHub where a token is not the reason, most special first. */
const rows: readonly Row[] = [
  {
    ...{ statuses: [403], says: /\bis locked\b/i, reason: 'the conversation is locked' },
    fix: "unlock the conversation, or let Sower's account write to the repository",
  },
  {
    ...{ statuses: [403], says: /\barchived\b/i, reason: 'the repository is archived' },
    fix: 'unarchive it, or stop the bot',
  },
  {
    ...{ statuses: merging, says: /merge queue/i, about: 'merge queue' },
    ...{ reason: 'the base branch takes changes from its merge queue only', fix: byItself },
  },
  {
    ...{ statuses: merging, says: /(?:merge commit|squash merge|rebase merge)s?\b/i },
    ...{ about: 'merge method', reason: 'this way of merging is not allowed', fix: byItself },
  },
  {
    ...{ statuses: merging, says: /head branch was modified/i },
    ...{ reason: 'its head has moved', fix: 'see who has pushed to it' },
  },
  {
    ...{ statuses: merging, says: /base branch was modified/i },
    ...{ reason: 'the base branch has moved', fix: byItself },
  },
  {
    ...{ statuses: merging, says: /review|approv/i },
    ...{ reason: 'a review is required', fix: 'review the pull request' },
  },
  {
    ...{ statuses: merging, says: /status check|required check|check run/i },
    ...{ reason: 'a required check is not green', fix: byItself },
  },
  {
    ...{ statuses: merging, says: /not mergeable|draft|conflict/i },
    ...{ reason: 'GitHub cannot merge it as it is', fix: byItself },
  },
]

/** The reason of a refusal that is not about the token, by the words of GitHub; null where they are others. */
export const knownRefusal = (status: number, said = ''): KnownRefusal | null => {
  const row = rows.find(({ statuses, says }) => statuses.includes(status) && says.test(said))
  if (!row) return null
  const { reason, fix, about } = row
  return { reason, fix, ...(about === undefined ? {} : { about }) }
}
