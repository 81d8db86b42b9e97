module.exports = { workers: 2, reporter: 'list' }
