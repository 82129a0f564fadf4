import './effects/in-git.ts'
import './effects/on-the-hub.ts'
import './effects/on-the-seed.ts'
import './effects/record-merge.ts'
