import type { Check } from '../check.ts'
import type { Facts } from '../facts.ts'
import { answer, unanswered } from '../judge.ts'

/** Rules that keep a branch from being made or pushed to; the others judge what is merged, or commits that Sower makes. */
const hindering = ['creation', 'update', 'pull_request', 'merge_queue', 'required_signatures']
const naming = ['branch_name_pattern', 'commit_message_pattern', 'committer_email_pattern']

/** Checks whether Sower may write where it has to after the merge, as far as GitHub shows before it. */
export const checkBaseWritable = (
  { id, level }: Pick<Check, 'id' | 'level'>,
  { baseIsProtected, commit, ownBranchRules }: Facts['git'],
): Check => {
  if (commit === 'push') {
    if (baseIsProtected.seen === 'unknown') return unanswered(id, level, baseIsProtected.why)
    const isProtected = baseIsProtected.seen === 'present' && baseIsProtected.value
    return answer(id, level, {
      ok: !isProtected,
      reason: isProtected ? 'the base branch is protected' : 'it is not protected',
      fix: 'set `commit: pull-request` in sower.yaml, or let the bot push to it (a bypass of the rule); a push that is refused after the merge becomes a pull request',
    })
  }
  if (ownBranchRules.seen === 'unknown') return unanswered(id, level, ownBranchRules.why)
  const rules = ownBranchRules.seen === 'present' ? ownBranchRules.value : []
  const found = rules.filter(rule => [...hindering, ...naming].includes(rule))
  return answer(id, level, {
    ok: found.length === 0,
    reason:
      found.length === 0
        ? 'no ruleset speaks of the branches of its own'
        : `rulesets for the branches of its own: ${found.join(', ')}`,
    fix: 'let the bot bypass these rules for branches that begin with `sower-` (after `branchPrefix`), or leave those branches out of the ruleset',
  })
}
