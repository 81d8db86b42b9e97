throw new Error('nothing here can be collected')
