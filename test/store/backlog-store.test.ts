import { BacklogStore } from '../support/backlog-store.ts'
import { backlogContract } from './backlog-contract.ts'
import { storeContract } from './contract.ts'

storeContract('the store that holds backlogs in memory', async () => {
  const store = new BacklogStore(false)
  return { store, sync: () => store.sync() }
})

backlogContract('the store that holds backlogs in memory', async () => {
  const store = new BacklogStore(false)
  return { store, sync: () => store.sync(), reopen: async () => store.restarted() }
})
