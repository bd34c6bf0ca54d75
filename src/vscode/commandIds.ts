/** Ids of the commands in the manifest. */
export const commandIds = {
  startEmulator: 'agentcoreWorkbench.startEmulator',
  stopEmulator: 'agentcoreWorkbench.stopEmulator',
  restartEmulator: 'agentcoreWorkbench.restartEmulator',
  resetClock: 'agentcoreWorkbench.resetClock',
  openChat: 'agentcoreWorkbench.openChat',
  openChatTab: 'agentcoreWorkbench.openChatTab',
  newConversation: 'agentcoreWorkbench.newConversation',
  showConversations: 'agentcoreWorkbench.showConversations',
  compareAgents: 'agentcoreWorkbench.compareAgents',
  addSelection: 'agentcoreWorkbench.addSelection',
  openChatPage: 'agentcoreWorkbench.openChatPage',
  copyUrl: 'agentcoreWorkbench.copyUrl',
  chooseModel: 'agentcoreWorkbench.chooseModel',
  showLog: 'agentcoreWorkbench.showLog',
} as const;
