import './compare/fleet.ts'
import './compare/git.ts'
import './compare/page.ts'
import './compare/rows.ts'
