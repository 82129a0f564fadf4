import type { Check } from '../preflight/check.ts'
import { checkArgoCd } from './check-argo-cd.ts'
import { checkBot } from './check-bot.ts'
import { checkGitHub } from './check-git-hub.ts'
import { checkRights } from './check-rights.ts'
import { checkSealed } from './check-sealed.ts'
import type { Installation } from './installation.ts'

/** All checks of an installation. */
export const examineInstallation = (seen: Installation): readonly Check[] => [
  ...checkBot(seen),
  checkRights(seen),
  ...checkArgoCd(seen),
  ...checkSealed(seen),
  ...checkGitHub(seen),
]
